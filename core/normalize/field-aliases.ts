/** What a known field of a logger means. Each slot takes one value per record. */
export const SLOTS = {
  time: 0,
  /** A time only where the record's carrier has none: `date` is often something else than the event's. */
  weakTime: 1,
  severityNumber: 2,
  severity: 3,
  body: 4,
  service: 5,
  /** bunyan's and pino's `name`: the service only beside their `pid` and `hostname`. */
  name: 6,
  traceId: 7,
  spanId: 8,
  method: 9,
  status: 10,
  path: 11,
  route: 12,
  duration: 13,
  responseBytes: 14,
  traceparent: 15,
} as const
export const SLOT_COUNT = 16

export interface FieldAlias {
  /** One of {@link SLOTS}, or -1: the field is only renamed. */
  readonly slot: number
  /** Of two fields for one slot the lower rank wins; the other stays an attribute under its own name. */
  readonly rank: number
  /** Name by the semantic conventions, for a field that is only renamed. */
  readonly attribute: string
  /** ms per unit, for durations. */
  readonly msPerUnit: number
}

/** Names of usual loggers by slot, best first: OpenTelemetry, ECS and logstash, pino, bunyan, winston, Serilog, nginx. */
const FIELDS: Readonly<Partial<Record<keyof typeof SLOTS, string>>> = {
  time: `@timestamp timestamp time ts timeUnixNano time_unix_nano observedTimeUnixNano eventTime event_time datetime
    Timestamp @t time_iso8601 time_local asctime`,
  weakTime: 'date',
  severityNumber: 'severity_number severityNumber SeverityNumber',
  severity: `severity_text severityText SeverityText severity level log.level loglevel logLevel log_level lvl levelname
    level_name Level @l syslog.severity.name syslog_severity priority`,
  body: 'message msg log body Body @m RenderedMessage text @mt MessageTemplate MESSAGE',
  service: `service.name service serviceName service_name SourceContext.service app application app_name appname`,
  name: 'name',
  traceId: 'trace_id traceId trace.id traceID TraceId otelTraceID dd.trace_id @tr',
  spanId: 'span_id spanId span.id spanID SpanId otelSpanID dd.span_id @sp',
  traceparent: 'traceparent',
  method: `http.request.method method request_method http.method http_method verb req.method request.method
    RequestMethod`,
  status: `http.response.status_code status_code statusCode status http.status_code http_status http.status
    res.statusCode response.status_code response.status StatusCode`,
  path: `url.path path url uri request_uri http.target http.url url.full url.original req.url request.url request.path
    RequestPath`,
  route: 'http.route route req.route',
  responseBytes: `http.response.body.size bytes_sent body_bytes_sent bytes response_size responseSize
    http.response.bytes http.response.body.bytes res.contentLength`,
}

/** Fields of durations, by ms per unit of their plain numbers. */
const DURATIONS: readonly (readonly [msPerUnit: number, fields: string])[] = [
  [
    1,
    `duration_ms durationMs responseTime response_time_ms responseTimeMs elapsed_ms elapsedMs latency_ms latencyMs took_ms
    time_taken ElapsedMilliseconds Elapsed duration latency response_time`,
  ],
  [1e3, 'http.server.request.duration request_time duration_s duration_seconds latency_s elapsed_seconds'],
  [1e-3, 'duration_us duration_micros latency_us'],
  [1e-6, 'event.duration duration_ns latency_ns'],
]

/** Fields that only get another name, by that name. */
const RENAMED: Readonly<Record<string, string>> = {
  'host.name': 'hostname host @host',
  'process.pid': 'pid',
  'container.id': 'container_id',
  'container.name': 'container_name kubernetes.container_name',
  'client.address': 'remote_addr client_ip clientip client.ip remoteAddress req.remoteAddress',
  'user_agent.original': 'user_agent http_user_agent userAgent agent',
  'http.request.header.referer': 'referer referrer http_referer',
  'url.query': 'query_string queryString',
  'exception.message': 'err.message error.message exception_message',
  'exception.type': 'err.type err.name error.type error.name exception_class',
  'exception.stacktrace': 'err.stack error.stack error.stack_trace stack stack_trace stacktrace @x',
}

export const FIELD_ALIASES: ReadonlyMap<string, FieldAlias> = buildAliases()

function buildAliases(): Map<string, FieldAlias> {
  const aliases = new Map<string, FieldAlias>()
  for (const [slot, fields] of Object.entries(FIELDS)) {
    wordsOf(fields).forEach((field, rank) => {
      aliases.set(field, { slot: SLOTS[slot as keyof typeof SLOTS], rank, attribute: '', msPerUnit: 1 })
    })
  }
  let rank = 0
  for (const [msPerUnit, fields] of DURATIONS) {
    for (const field of wordsOf(fields)) {
      aliases.set(field, { slot: SLOTS.duration, rank: rank++, attribute: '', msPerUnit })
    }
  }
  for (const [attribute, fields] of Object.entries(RENAMED)) {
    for (const field of wordsOf(fields)) aliases.set(field, { slot: -1, rank: 0, attribute, msPerUnit: 1 })
  }
  return aliases
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/)
}

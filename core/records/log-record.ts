/**
 * One log line as it lies in topic `logs` and in the log store: OpenTelemetry's log data model, with attributes in one
 * flat map whose dotted keys follow its semantic conventions (`http.route`, `host.name`, …).
 */
export interface LogRecord {
  /** Event time: when the application says it happened. ms since the epoch, an integer, ≥ 0. */
  readonly timeMs: number
  /** Nanoseconds past `timeMs`, 0..999_999; absent means 0. */
  readonly timeNanos?: number
  /** When Weir took the record in. ms since the epoch. */
  readonly observedTimeMs: number
  /** `service.name`; never empty (`unknown` where the source names none). */
  readonly service: string
  /** 0 (unknown) or 1..24: 1–4 trace, 5–8 debug, 9–12 info, 13–16 warn, 17–20 error, 21–24 fatal. */
  readonly severityNumber: number
  /** The line's message, for people; may be empty. */
  readonly body: string
  readonly traceId?: string
  readonly spanId?: string
  readonly attributes: Attributes
}

export type AttributeValue = string | number | boolean | null | readonly AttributeValue[]
export type Attributes = Readonly<Record<string, AttributeValue>>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8')

/** The record's bytes in topic `logs`: UTF-8 JSON, fields in the order of {@link LogRecord}. */
export function encodeLogRecord(record: LogRecord): Uint8Array {
  return encoder.encode(JSON.stringify(record))
}

/**
 * Reads a value of topic `logs` that Weir's own ingest wrote.
 *
 * @returns the record, or undefined if the bytes are not JSON of that form: the caller then hands them to the normaliser,
 *   since other producers (Fluentd's kafka output) write their own forms to the same topic
 */
export function decodeLogRecord(bytes: Uint8Array): LogRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
  return isLogRecord(value) ? value : undefined
}

export function isLogRecord(value: unknown): value is LogRecord {
  if (typeof value !== 'object' || value === null) return false
  const r = value as Record<string, unknown>
  return (
    Number.isInteger(r.timeMs) &&
    typeof r.service === 'string' &&
    typeof r.severityNumber === 'number' &&
    typeof r.body === 'string' &&
    typeof r.observedTimeMs === 'number' &&
    typeof r.attributes === 'object' &&
    r.attributes !== null
  )
}

import { hostname } from 'node:os'
import manifest from './package.json' with { type: 'json' }
import type { TraceContext } from './trace.ts'

export type ServiceName = 'shop-api' | 'checkout' | 'payments' | 'inventory'
export type LogSeverity = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
export type LogAttributes = Readonly<Record<string, string | number | boolean>>

/** One line: a flat record whose keys follow OpenTelemetry's semantic conventions. */
export interface LogEvent {
  readonly service: ServiceName
  /** ms since the epoch */
  readonly timeMs: number
  readonly record: LogAttributes
}

export type LogSink = (event: LogEvent) => void

const HOST_NAME = hostname()

/** Writes the structured lines of one service of the shop. */
export class ServiceLog {
  readonly #service: ServiceName
  readonly #sink: LogSink
  readonly #context: LogAttributes

  constructor(service: ServiceName, sink: LogSink, context: LogAttributes = {}) {
    this.#service = service
    this.#sink = sink
    this.#context = context
  }

  /** A log whose lines carry the trace's identities. */
  within(trace: TraceContext): ServiceLog {
    const context = { ...this.#context, trace_id: trace.traceId, span_id: trace.spanId }
    return new ServiceLog(this.#service, this.#sink, context)
  }

  debug(message: string, attributes?: LogAttributes): void {
    this.write('DEBUG', message, attributes)
  }

  info(message: string, attributes?: LogAttributes): void {
    this.write('INFO', message, attributes)
  }

  warn(message: string, attributes?: LogAttributes): void {
    this.write('WARN', message, attributes)
  }

  error(message: string, attributes?: LogAttributes): void {
    this.write('ERROR', message, attributes)
  }

  write(severity: LogSeverity, message: string, attributes: LogAttributes = {}): void {
    const record = {
      'service.name': this.#service,
      'service.version': manifest.version,
      'host.name': HOST_NAME,
      severity,
      message,
      ...this.#context,
      ...attributes,
    }
    this.#sink({ service: this.#service, timeMs: Date.now(), record })
  }
}

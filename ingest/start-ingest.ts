import { setTimeout } from 'node:timers/promises'
import type { Broker, Clock, Role } from '@weir/core'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { startForwardServer } from './forward/server.ts'
import { startHttpServer } from './http/server.ts'
import { IngestEvents } from './ingest-events.ts'
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts'
import { LogSink } from './sink.ts'

/** Listeners close a little after the grace, when they have cut off those who did not finish. */
const STOP_MARGIN_MS = 500

export interface IngestOptions {
  /** Has the topics `logs` and `logs.dead-letter`. */
  readonly broker: Broker
  readonly clock: Clock
  /** Usually 127.0.0.1:4318; port 0: any free one. */
  readonly http: { readonly host: string; readonly port: number }
  /** Usually 127.0.0.1:24224; port 0: any free one. */
  readonly forward: { readonly host: string; readonly port: number }
  readonly limits?: Partial<IngestLimits>
  readonly logger: Logger
  readonly registry: Registry
}

export interface IngestRole extends Role {
  /** `http://host:port` */
  readonly httpUrl: string
  readonly forwardPort: number
}

/**
 * Takes logs in by HTTP and by Fluent Forward, brings them into one form and writes them to topic `logs`. A sender is
 * told that its records are stored only once the broker has them.
 *
 * @throws WEIR_PORT_IN_USE naming the address and the setting; WEIR_TOPIC_UNKNOWN
 */
export async function startIngest(options: IngestOptions): Promise<IngestRole> {
  const { broker, clock, registry } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const logger = options.logger.child({ role: 'ingest' })
  const sink = await LogSink.open({ ...limits, broker, clock })
  const events = new IngestEvents(logger, clock, registry)
  const context = { sink, clock, events, limits }
  const opened: ((graceMs: number) => Promise<void>)[] = []
  try {
    const http = await startHttpServer({ ...options.http, setting: 'WEIR_INGEST_PORT' }, context)
    opened.push(http.stop)
    const forward = await startForwardServer({ ...options.forward, setting: 'WEIR_FORWARD_PORT' }, context)
    opened.push(forward.stop)
    logger.info({ http: http.url, forward: `${options.forward.host}:${forward.port}` }, 'ingest listens')
    return runningRole(events, () => closeInTime(opened, sink, limits.stopGraceMs, logger), http.url, forward.port)
  } catch (error) {
    await closeInTime(opened, sink, limits.stopGraceMs, logger)
    throw error
  }
}

function runningRole(
  events: IngestEvents,
  close: () => Promise<void>,
  httpUrl: string,
  forwardPort: number,
): IngestRole {
  let stopping: Promise<void> | undefined
  return {
    name: 'ingest',
    httpUrl,
    forwardPort,
    status: () => {
      const failure = events.brokerFailure
      const counters = events.totals()
      if (stopping !== undefined) return { role: 'ingest', state: 'stopped', counters }
      if (failure === undefined) return { role: 'ingest', state: 'running', counters }
      return { role: 'ingest', state: 'degraded', detail: `The broker failed: ${failure}`, counters }
    },
    stop: () => {
      stopping ??= close()
      return stopping
    },
  }
}

/** A broker that never answers does not keep ingest from stopping: what it did not take, the senders were not told of. */
async function closeInTime(
  opened: readonly ((graceMs: number) => Promise<void>)[],
  sink: LogSink,
  graceMs: number,
  logger: Logger,
): Promise<void> {
  const late = Symbol('late')
  const timer = new AbortController()
  const closed = Promise.all(opened.map((stop) => stop(graceMs))).then(() => sink.close())
  const first = await Promise.race([closed, setTimeout(graceMs + STOP_MARGIN_MS, late, { signal: timer.signal })])
  if (first === late) logger.warn({ graceMs }, 'ingest stopped before the broker had answered; senders send again')
  else timer.abort()
}

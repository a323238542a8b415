import { ADJUSTED, type Clock, type ErrorCode } from '@weir/core'
import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'

export type Protocol = 'http' | 'forward'

const LOG_EVERY_MS = 10_000
const COUNTERS = {
  records_in: 'Records taken in: stored, dead-lettered or dropped.',
  records_stored: 'Records that the broker has acknowledged.',
  dead_lettered: 'Records that could not be used; the dead-letter topic has them.',
  dropped: 'Records lost: sent without asking for an acknowledgement, and not stored.',
  refused: 'Records whose sender was told that they were not stored.',
  bytes_in: 'Bytes of bodies and messages, as received.',
  time_clamped: 'Records dated more than 5 minutes ahead, moved to the time they were seen.',
  attributes_dropped: 'Records that lost attributes past a bound.',
  values_truncated: 'Records with a value cut off at its bound.',
  invalid_text: 'Records with bytes that are not UTF-8.',
  requests_rejected: 'HTTP requests answered with 4xx or 5xx.',
  connections_rejected: 'Forward connections closed for what they sent, or did not send.',
} as const
type CounterName = keyof typeof COUNTERS

/**
 * What happens in ingest: each event counts and, where someone should know, writes its line, together. Lines of one kind
 * are written at most once in 10 s, with the number of those left out.
 */
export class IngestEvents {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #totals = new Map<string, number>()
  readonly #metrics = new Map<CounterName, Counter<'protocol'>>()
  readonly #connections: Gauge<'protocol'>
  readonly #lastLine = new Map<string, { timeMs: number; suppressed: number }>()
  #failure: string | undefined

  constructor(logger: Logger, clock: Clock, registry: Registry) {
    this.#logger = logger
    this.#clock = clock
    for (const [name, help] of Object.entries(COUNTERS)) {
      const metric = new Counter({
        name: `weir_ingest_${name}_total`,
        help,
        labelNames: ['protocol'] as const,
        registers: [registry],
      })
      this.#metrics.set(name as CounterName, metric)
      this.#totals.set(name, 0)
    }
    this.#connections = new Gauge({
      name: 'weir_ingest_connections',
      help: 'Open Forward connections.',
      labelNames: ['protocol'] as const,
      registers: [registry],
    })
    this.#totals.set('connections', 0)
  }

  /** Totals since the start, over both protocols and, as `records_in.http`, by protocol. */
  totals(): Record<string, number> {
    return Object.fromEntries(this.#totals)
  }

  /** Why the broker's last answer was a failure, undefined if it was not. */
  get brokerFailure(): string | undefined {
    return this.#failure
  }

  bytesReceived(protocol: Protocol, bytes: number): void {
    this.#count('bytes_in', protocol, bytes)
  }

  stored(protocol: Protocol, records: number, deadLetters: number): void {
    this.#failure = undefined
    this.#count('records_in', protocol, records + deadLetters)
    this.#count('records_stored', protocol, records)
    this.#count('dead_lettered', protocol, deadLetters)
  }

  /** The sender knows and may send again. */
  refused(protocol: Protocol, records: number, error: unknown): void {
    this.#failure = messageOf(error)
    this.#count('refused', protocol, records)
    this.#line('refused', { protocol, records, err: error }, 'records not stored; their sender was told')
  }

  /** The sender asked for no acknowledgement, so that nobody will send them again. */
  dropped(protocol: Protocol, records: number, error: unknown): void {
    this.#failure = messageOf(error)
    this.#count('records_in', protocol, records)
    this.#count('dropped', protocol, records)
    this.#line('dropped', { protocol, records, err: error }, 'records lost; let the sender ask for acknowledgements')
  }

  /** A record goes to the dead-letter topic. It is counted once it is there, by {@link stored}. */
  deadLetter(protocol: Protocol, peer: string, code: ErrorCode, reason: string): void {
    this.#line(`dead-letter ${code}`, { protocol, peer, code, reason }, 'record dead-lettered')
  }

  /** @param adjusted bits of {@link ADJUSTED} */
  adjusted(protocol: Protocol, service: string, adjusted: number): void {
    if (adjusted & ADJUSTED.timeClamped) {
      this.#count('time_clamped', protocol, 1)
      this.#line('time-clamped', { protocol, service }, 'record dated more than 5 minutes ahead; is a clock wrong?')
    }
    if (adjusted & ADJUSTED.attributesDropped) {
      this.#count('attributes_dropped', protocol, 1)
      this.#line('attributes-dropped', { protocol, service }, 'record with more attributes than are kept')
    }
    if (adjusted & ADJUSTED.truncated) {
      this.#count('values_truncated', protocol, 1)
      this.#line('truncated', { protocol, service }, 'record with a value over its bound, cut off')
    }
    if (adjusted & ADJUSTED.invalidText) {
      this.#count('invalid_text', protocol, 1)
      this.#line('invalid-text', { protocol, service }, 'record with bytes that are not UTF-8, replaced by U+FFFD')
    }
  }

  requestRejected(peer: string, statusCode: number, code: string, reason: string): void {
    this.#count('requests_rejected', 'http', 1)
    this.#line(`request ${statusCode}`, { peer, statusCode, code, reason }, 'request rejected')
  }

  connectionOpened(): void {
    this.#moveConnections(1)
  }

  connectionClosed(): void {
    this.#moveConnections(-1)
  }

  /** A Forward connection is closed because of what its peer sent, or did not send. */
  connectionRejected(peer: string, code: ErrorCode, reason: string): void {
    this.#count('connections_rejected', 'forward', 1)
    this.#line(`connection ${code}`, { peer, code, reason }, `forward connection of ${peer} closed: ${reason}`)
  }

  /** The network, not what the peer sent, ended a connection. */
  connectionLost(peer: string, error: unknown): void {
    this.#line('connection lost', { peer, err: error }, 'forward connection lost')
  }

  #moveConnections(by: number): void {
    this.#totals.set('connections', this.#totals.get('connections')! + by)
    this.#connections.inc({ protocol: 'forward' }, by)
  }

  #count(name: CounterName, protocol: Protocol, by: number): void {
    if (by === 0) return
    this.#metrics.get(name)!.inc({ protocol }, by)
    this.#totals.set(name, this.#totals.get(name)! + by)
    const byProtocol = `${name}.${protocol}`
    this.#totals.set(byProtocol, (this.#totals.get(byProtocol) ?? 0) + by)
  }

  #line(kind: string, fields: Record<string, unknown>, message: string): void {
    const nowMs = this.#clock.now()
    const last = this.#lastLine.get(kind)
    if (last !== undefined && nowMs - last.timeMs < LOG_EVERY_MS) {
      last.suppressed++
      return
    }
    this.#lastLine.set(kind, { timeMs: nowMs, suppressed: 0 })
    this.#logger.warn(last?.suppressed ? { ...fields, suppressed: last.suppressed } : fields, message)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

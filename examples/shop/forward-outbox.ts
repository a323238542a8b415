import { FluentClient, FluentError, FluentSocketEvent } from '@fluent-org/logger'
import type { Logger } from 'pino'
import type { LogEvent } from './service-log.ts'

const FLUSH_INTERVAL_MS = 200
/** Keeps a frame far below any receiver's bound, whatever has piled up. */
const MAX_BATCH_EVENTS = 500
/** Four minutes of lines at 30 requests a second; about 20 MB. */
export const MAX_PENDING_EVENTS = 20_000
const ACK_TIMEOUT_MS = 5_000
const RENEW_DELAY_MS = 5_000

export interface OutboxCounts {
  /** Waiting to be sent or acknowledged. */
  readonly pending: number
  /** Acknowledged by the receiver. */
  readonly delivered: number
  /** Given up: the oldest, when more than 20,000 wait, and what is unsent at the end. */
  readonly dropped: number
}

export interface ForwardAddress {
  readonly host: string
  readonly port: number
}

/**
 * Sends log lines by the Forward protocol, in batches, each acknowledged. A line stays here until its batch is
 * acknowledged, so that a receiver that is absent, restarts or dies in the middle of a batch loses none of them (and may
 * get some twice). Over {@link MAX_PENDING_EVENTS} the oldest are dropped and counted.
 *
 * The client has queues of its own, but drops all lines of a tag at once when they are full, and sends a backlog as one
 * frame: hence this bounded queue before it.
 */
export class ForwardOutbox {
  readonly #address: ForwardAddress
  readonly #logger: Logger
  readonly #pending = new Set<LogEvent>()
  readonly #timer: NodeJS.Timeout
  #client: FluentClient
  #renewal: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined
  #delivered = 0
  #dropped = 0
  #complained = false
  #closed = false

  constructor(address: ForwardAddress, logger: Logger) {
    this.#address = address
    this.#logger = logger
    this.#client = this.#connect()
    this.#timer = setInterval(() => this.#flush(), FLUSH_INTERVAL_MS)
  }

  push(event: LogEvent): void {
    if (this.#closed) {
      this.#dropped++
      return
    }
    this.#pending.add(event)
    if (this.#pending.size <= MAX_PENDING_EVENTS) return
    for (const oldest of this.#pending) {
      this.#pending.delete(oldest)
      this.#dropped++
      return
    }
  }

  counts(): OutboxCounts {
    return { pending: this.#pending.size, delivered: this.#delivered, dropped: this.#dropped }
  }

  /** Sends what is left for at most `graceMs`, then closes the connection. What is left then counts as dropped. */
  async close(graceMs: number): Promise<void> {
    const deadlineMs = performance.now() + graceMs
    const leftMs = () => Math.max(0, deadlineMs - performance.now())
    clearInterval(this.#timer)
    clearTimeout(this.#renewal)
    while (this.#pending.size > 0 && leftMs() > 0 && this.#client.writable) {
      this.#flush()
      await within(leftMs(), this.#sending)
    }
    this.#closed = true
    await within(leftMs(), this.#client.shutdown())
    this.#dropped += this.#pending.size
    this.#pending.clear()
  }

  #flush(): void {
    if (this.#sending || this.#pending.size === 0 || !this.#client.writable) return
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined
    })
  }

  /** Sends batch after batch until nothing waits or one fails; a failed one is tried again at a later flush. */
  async #send(): Promise<void> {
    do {
      const batch = this.#pending.values().take(MAX_BATCH_EVENTS).toArray()
      const answers = await Promise.allSettled(
        batch.map((event) => this.#client.emit(event.service, event.record, event.timeMs)),
      )
      let failed = 0
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 'rejected') failed++
        else if (this.#pending.delete(batch[index]!)) this.#delivered++
      }
      if (failed > 0) return
      this.#reassure()
    } while (this.#pending.size >= MAX_BATCH_EVENTS && this.#client.writable)
  }

  #connect(): FluentClient {
    const client = new FluentClient(null, {
      eventMode: 'PackedForward',
      milliseconds: true,
      ack: { ackTimeout: ACK_TIMEOUT_MS },
      socket: {
        ...this.#address,
        // No idle timeout: the client takes an acknowledgement that arrives after it as a fatal error.
        timeout: -1,
        reconnect: { backoff: 2, delay: 250, minDelay: 250, maxDelay: 5_000 },
        notWritableWhenDraining: true,
      },
    })
    client.socketOn(FluentSocketEvent.ERROR, (error: Error) => this.#onError(error))
    client.socketOn(FluentSocketEvent.ESTABLISHED, () => this.#flush())
    return client
  }

  #onError(error: Error): void {
    if (this.#closed) return
    if (!this.#complained) {
      this.#complained = true
      const { host, port } = this.#address
      this.#logger.warn(
        `The log receiver at ${host}:${port} can not be reached (${error.message}). The shop goes on; the newest ` +
          `${MAX_PENDING_EVENTS} lines are kept and sent as soon as it answers. Start Weir, or set FLUENT_HOST and FLUENT_PORT.`,
      )
    }
    const fatal = error instanceof FluentError.UnexpectedMessageError || error instanceof FluentError.AuthError
    if (fatal) this.#renewal ??= setTimeout(() => this.#renew(), RENEW_DELAY_MS)
  }

  /** After a message it did not expect the client never connects again by itself. */
  #renew(): void {
    this.#renewal = undefined
    const old = this.#client
    this.#client = this.#connect()
    old.shutdown().catch((error: Error) => this.#onError(error))
  }

  #reassure(): void {
    if (!this.#complained) return
    this.#complained = false
    const { delivered, dropped } = this.counts()
    this.#logger.info(`The log receiver answers again: ${delivered} lines delivered so far, ${dropped} dropped.`)
  }
}

/** Waits for `work`, at most `timeoutMs`. */
async function within(timeoutMs: number, work: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([work, timeout])
  clearTimeout(timer)
}

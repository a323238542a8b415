import type { Socket } from 'node:net'
import { type Clock, normalizeRecord, WeirError } from '@weir/core'
import type { ByteBudget } from '../byte-budget.ts'
import type { IngestEvents } from '../ingest-events.ts'
import type { IngestLimits } from '../limits.ts'
import type { LogSink, Submission } from '../sink.ts'
import { FrameSplitter } from './frame-splitter.ts'
import { inflateEntries } from './inflate-entries.ts'
import { ackOf, type ForwardEntry, type ForwardMessage, packedEntries, readMessage } from './message.ts'

/** Records between two looks at the event loop, while a large message is worked through. */
const SLICE_RECORDS = 2000
/** What a message costs besides its bytes. */
const MESSAGE_OVERHEAD_BYTES = 256
const MAX_UNREAD_ACK_BYTES = 1024 * 1024
const MAX_SERVICE_CHARS = 200

/** What all connections of the listener share. */
export interface ForwardContext {
  readonly sink: LogSink
  readonly clock: Clock
  readonly events: IngestEvents
  readonly limits: IngestLimits
  /** Bytes of unfinished messages. */
  readonly partials: ByteBudget
  /** Bytes that chunks being unpacked may come to. */
  readonly inflating: ByteBudget
}

/** One peer that speaks Forward. Its messages are taken in order; acknowledgements go out as the broker answers. */
export class ForwardConnection {
  readonly #socket: Socket
  readonly #context: ForwardContext
  readonly #peer: string
  readonly #splitter: FrameSplitter
  readonly #pending = new Set<Promise<void>>()
  #partialBytes = 0
  #idleTimer: NodeJS.Timeout | undefined
  #stopping = false

  constructor(socket: Socket, context: ForwardContext) {
    this.#socket = socket
    this.#context = context
    this.#peer = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`
    this.#splitter = new FrameSplitter(context.limits.maxFrameBytes)
  }

  /** Serves the peer until it leaves or is turned away. Never rejects. */
  async serve(): Promise<void> {
    const { events } = this.#context
    events.connectionOpened()
    try {
      await this.#read()
      await Promise.all(this.#pending)
      this.#socket.end()
    } catch (error) {
      await Promise.all(this.#pending)
      this.#turnAway(error)
    } finally {
      clearTimeout(this.#idleTimer)
      this.#holdPartial(0)
      events.connectionClosed()
    }
  }

  /** Reads no further, acknowledges what is under way, and closes. What was not acknowledged the peer sends again. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#socket.pause()
    await Promise.all(this.#pending)
    this.#socket.destroySoon()
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (this.#stopping) return
      clearTimeout(this.#idleTimer)
      this.#context.events.bytesReceived('forward', chunk.length)
      for (const frame of this.#splitter.push(chunk)) await this.#take(frame)
      this.#watchPartial()
    }
    if (this.#splitter.partialBytes > 0 && !this.#stopping) {
      throw new WeirError('WEIR_FRAME_INVALID', `It ended ${this.#splitter.partialBytes} bytes into a message.`)
    }
  }

  /** An unfinished message counts against the bound of all connections, and must go on in time. */
  #watchPartial(): void {
    const bytes = this.#splitter.partialBytes
    this.#holdPartial(bytes)
    if (bytes === 0) return
    const { frameIdleMs } = this.#context.limits
    this.#idleTimer = setTimeout(() => {
      const reason = `It was silent for ${frameIdleMs} ms, ${bytes} bytes into a message.`
      this.#socket.destroy(new WeirError('WEIR_FRAME_INVALID', reason))
    }, frameIdleMs)
  }

  #holdPartial(bytes: number): void {
    const { partials } = this.#context
    if (this.#partialBytes > 0) partials.release(this.#partialBytes)
    this.#partialBytes = 0
    if (bytes === 0) return
    if (!partials.tryReserve(bytes)) {
      const mib = partials.maxBytes / (1024 * 1024)
      throw new WeirError('WEIR_OVERLOADED', `Unfinished messages of all connections are over ${mib} MiB.`)
    }
    this.#partialBytes = bytes
  }

  async #take(frame: Uint8Array): Promise<void> {
    const message = readMessage(frame)
    const { sink, inflating, limits } = this.#context
    if (message.packed === undefined || message.packed.compression === 'none') {
      const submission = await sink.openWhenRoom(frame.length + MESSAGE_OVERHEAD_BYTES)
      return this.#submit(message, message.entries(), submission)
    }
    const unpacked = await inflateEntries(message.packed, inflating, limits, (bytes) =>
      sink.openWhenRoom(bytes.length + MESSAGE_OVERHEAD_BYTES),
    )
    return this.#submit(message, packedEntries(unpacked.bytes), unpacked.result)
  }

  async #submit(message: ForwardMessage, entries: Iterable<ForwardEntry>, submission: Submission): Promise<void> {
    const service = serviceOfTag(message.tag)
    let whole = false
    try {
      let count = 0
      for (const entry of entries) {
        this.#add(entry, service, submission)
        if (++count % SLICE_RECORDS === 0) await this.#context.sink.pace()
      }
      whole = true
    } finally {
      // Of a broken message too: what could be read is stored, but a broken one is not acknowledged.
      const settled = this.#settle(submission, whole ? message.chunk : undefined, message.chunk !== undefined)
      this.#pending.add(settled)
      void settled.then(() => this.#pending.delete(settled))
    }
  }

  #add(entry: ForwardEntry, service: string, submission: Submission): void {
    const { clock, events } = this.#context
    const normalized = normalizeRecord(entry.record, {
      service,
      observedTimeMs: clock.now(),
      timeMs: entry.timeMs,
      timeNanos: entry.timeNanos,
      invalidText: entry.invalidText,
    })
    if (normalized.ok) {
      submission.add(normalized.record)
      if (normalized.adjusted !== 0) events.adjusted('forward', normalized.record.service, normalized.adjusted)
      return
    }
    const { code, reason } = normalized
    submission.addDeadLetter({ bytes: entry.bytes, source: 'forward', code, reason, service })
    events.deadLetter('forward', this.#peer, code, reason)
  }

  async #settle(submission: Submission, chunk: string | Uint8Array | undefined, wantsAck: boolean): Promise<void> {
    const { events } = this.#context
    try {
      await submission.stored()
    } catch (error) {
      const records = submission.recordCount + submission.deadLetterCount
      if (wantsAck) events.refused('forward', records, error)
      else events.dropped('forward', records, error)
      this.#stopping = true
      // Closing tells the peer at once; without an acknowledgement it sends again only after minutes.
      this.#socket.destroy()
      return
    }
    events.stored('forward', submission.recordCount, submission.deadLetterCount)
    if (chunk === undefined || this.#socket.destroyed) return
    this.#socket.write(ackOf(chunk))
    if (this.#socket.writableLength > MAX_UNREAD_ACK_BYTES) {
      this.#socket.destroy(new WeirError('WEIR_OVERLOADED', 'It does not read its acknowledgements.'))
    }
  }

  #turnAway(error: unknown): void {
    const { events } = this.#context
    if (error instanceof WeirError) events.connectionRejected(this.#peer, error.code, error.message)
    else if (!this.#stopping) events.connectionLost(this.#peer, error)
    this.#socket.destroy()
  }
}

/** `app.web` names the service of records that name none. */
function serviceOfTag(tag: string): string {
  const name = tag.trim().slice(0, MAX_SERVICE_CHARS)
  return name === '' ? 'unknown' : name
}

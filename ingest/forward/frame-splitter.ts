import { WeirError } from '@weir/core'
import { childCount, headSize, payloadBytes } from './msgpack-heads.ts'

const INITIAL_BYTES = 64 * 1024
const KEPT_BYTES = 1024 * 1024
const MAX_DEPTH = 64

/**
 * Cuts a stream of bytes into Forward messages (whole MessagePack arrays), wherever the stream is split. Each byte is
 * looked at once: what was walked through stays walked through when more bytes arrive. Texts and bytes inside a message
 * are skipped, not read.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
  #view = viewOf(this.#buffer)
  #end = 0
  /** Where the walk goes on; may lie past `#end`, inside a text that is still arriving. */
  #at = 0
  #start = 0
  /** Whether the head of the message's outermost array has been walked over. */
  #begun = false
  /** Values still to come at each level of nesting; empty between messages. */
  readonly #open: number[] = []

  /** @param maxFrameBytes > 0 */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** Bytes of the unfinished message. */
  get partialBytes(): number {
    return this.#end - this.#start
  }

  /**
   * Adds what arrived and yields the messages that it completes, nil pings left out: views, good until the next call.
   * Each call must be run to its end.
   *
   * @throws WEIR_FRAME_INVALID, WEIR_RECORD_TOO_LARGE; the stream is lost then
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#append(chunk)
    for (;;) {
      if (!this.#begun) {
        if (this.#at >= this.#end) break
        this.#start = this.#at
        if (this.#isPing()) continue
        if (!this.#step()) break
        this.#begun = true
      }
      while (this.#open.length > 0 && this.#at < this.#end) {
        if (!this.#step()) break
      }
      if (this.#at - this.#start > this.#maxFrameBytes) throw this.#tooLarge()
      // Past the end with nothing open: the message's last value is a text still arriving.
      if (this.#open.length > 0 || this.#at > this.#end) break
      yield this.#buffer.subarray(this.#start, this.#at)
      this.#start = this.#at
      this.#begun = false
    }
    this.#shrink()
  }

  #isPing(): boolean {
    const type = this.#buffer[this.#at]!
    if (type === 0xc0) {
      this.#at++
      this.#start = this.#at
      return true
    }
    if ((type >= 0x92 && type <= 0x94) || type === 0xdc || type === 0xdd) return false
    throw new WeirError(
      'WEIR_FRAME_INVALID',
      `Not the Forward protocol: a message begins with 0x${type.toString(16).padStart(2, '0')} instead of an array of 2 to 4.`,
    )
  }

  /** Walks over one value's head; false if it has not wholly arrived. */
  #step(): boolean {
    const type = this.#buffer[this.#at]!
    const headBytes = headSize(type)
    if (headBytes === 0) throw new WeirError('WEIR_FRAME_INVALID', 'Not the Forward protocol: 0xc1 is no MessagePack.')
    if (this.#at + headBytes > this.#end) return false
    const head = this.#at
    this.#at += headBytes + payloadBytes(type, this.#view, head)
    const children = childCount(type, this.#view, head)
    const depth = this.#open.length
    if (depth > 0) this.#open[depth - 1]!--
    if (children > 0) {
      if (depth >= MAX_DEPTH) throw new WeirError('WEIR_FRAME_INVALID', `Values are nested deeper than ${MAX_DEPTH}.`)
      if (children > this.#maxFrameBytes) throw this.#tooLarge()
      this.#open.push(children)
    }
    while (this.#open.length > 0 && this.#open.at(-1) === 0) this.#open.pop()
    return true
  }

  #append(chunk: Uint8Array): void {
    const partial = this.#end - this.#start
    if (this.#end + chunk.length > this.#buffer.length) {
      const needed = partial + chunk.length
      const roomy = needed <= this.#buffer.length && partial <= this.#buffer.length / 2
      const target = roomy ? this.#buffer : Buffer.allocUnsafeSlow(Math.max(INITIAL_BYTES, needed * 2))
      this.#buffer.copy(target, 0, this.#start, this.#end)
      this.#buffer = target
      this.#view = viewOf(target)
      this.#at -= this.#start
      this.#start = 0
      this.#end = partial
    }
    this.#buffer.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** A large message is over: its buffer goes, so that a thousand quiet connections hold little. */
  #shrink(): void {
    if (this.#buffer.length <= KEPT_BYTES || this.partialBytes > 0) return
    this.#buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
    this.#view = viewOf(this.#buffer)
    this.#start = 0
    this.#end = 0
    this.#at = 0
  }

  #tooLarge(): WeirError {
    const mib = this.#maxFrameBytes / (1024 * 1024)
    return new WeirError(
      'WEIR_RECORD_TOO_LARGE',
      `A Forward message is over ${mib} MiB; make the sender's chunks smaller.`,
    )
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

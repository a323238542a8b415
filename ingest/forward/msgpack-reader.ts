import { isUtf8 } from 'node:buffer'
import { WeirError } from '@weir/core'
import { childCount, headSize, payloadBytes } from './msgpack-heads.ts'
import { TextCache } from './text-cache.ts'

/** A Forward EventTime: `ms` since the epoch and `nanos` past it, 0..999_999. */
export class ForwardTime {
  readonly ms: number
  readonly nanos: number

  constructor(ms: number, nanos: number) {
    this.ms = ms
    this.nanos = nanos
  }
}

const EVENT_TIME = 0
const MAX_DEPTH = 32
const names = new TextCache()

/**
 * Reads MessagePack values one after the other out of a whole message. An own one because a general decoder stops at the
 * first byte that is not UTF-8 and costs twice as much per record; see docs/reference/ingest.md for what is accepted.
 *
 * Every method throws WEIR_FRAME_INVALID for bytes that are not MessagePack or end too early.
 */
export class MsgpackReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at = 0
  #invalidText = false

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get position(): number {
    return this.#at
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Whether a text since the last call held bytes that are not UTF-8, each replaced by U+FFFD. */
  takeInvalidText(): boolean {
    const invalid = this.#invalidText
    this.#invalidText = false
    return invalid
  }

  /** Number of items of the array that begins here. */
  arrayLength(): number {
    const type = this.#byte()
    if (type >= 0x90 && type <= 0x9f) return type & 0x0f
    if (type === 0xdc) return this.#uint16()
    if (type === 0xdd) return this.#uint32()
    throw invalid(`expected an array at byte ${this.#at - 1}, found 0x${type.toString(16)}`)
  }

  /** Whether the next value is an array; str or bin; else neither. */
  nextKind(): 'array' | 'bytes' | 'other' {
    if (this.atEnd) throw invalid('the message ends too early')
    const type = this.#bytes[this.#at]!
    if ((type >= 0x90 && type <= 0x9f) || type === 0xdc || type === 0xdd) return 'array'
    const isBytes = (type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb) || (type >= 0xc4 && type <= 0xc6)
    return isBytes ? 'bytes' : 'other'
  }

  /** The bytes of the str or bin that begins here: a view, not a copy. */
  bytes(): Uint8Array {
    const type = this.#byte()
    let length: number
    if (type >= 0xa0 && type <= 0xbf) length = type & 0x1f
    else if (type === 0xd9 || type === 0xc4) length = this.#byte()
    else if (type === 0xda || type === 0xc5) length = this.#uint16()
    else if (type === 0xdb || type === 0xc6) length = this.#uint32()
    else throw invalid(`expected str or bin at byte ${this.#at - 1}, found 0x${type.toString(16)}`)
    return this.#bytes.subarray(this.#take(length), this.#at)
  }

  /** The next value: JSON's types, bigint beyond 2^53, Uint8Array for bin, {@link ForwardTime} for ext type 0. */
  value(): unknown {
    return this.#value(0)
  }

  /** Moves past the next value, however large, without decoding it. */
  skip(): void {
    let left = 1
    while (left > 0) {
      const type = this.#byte()
      const head = this.#at - 1
      this.#take(headSize(type) - 1)
      this.#take(payloadBytes(type, this.#view, head))
      left += childCount(type, this.#view, head) - 1
      if (left > this.#bytes.length - this.#at) throw invalid('more items are announced than bytes are left')
    }
  }

  #value(depth: number): unknown {
    const type = this.#byte()
    if (type <= 0x7f) return type
    if (type >= 0xe0) return type - 256
    if (type <= 0x8f) return this.#map(type & 0x0f, depth)
    if (type <= 0x9f) return this.#array(type & 0x0f, depth)
    if (type <= 0xbf) return this.#text(type & 0x1f)
    return this.#longValue(type, depth)
  }

  #longValue(type: number, depth: number): unknown {
    switch (type) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.#binary(this.#byte())
      case 0xc5:
        return this.#binary(this.#uint16())
      case 0xc6:
        return this.#binary(this.#uint32())
      case 0xc7:
        return this.#ext(this.#byte())
      case 0xc8:
        return this.#ext(this.#uint16())
      case 0xc9:
        return this.#ext(this.#uint32())
      case 0xca:
        return this.#view.getFloat32(this.#take(4))
      case 0xcb:
        return this.#view.getFloat64(this.#take(8))
      case 0xcc:
        return this.#byte()
      case 0xcd:
        return this.#uint16()
      case 0xce:
        return this.#uint32()
      case 0xcf:
        return safeNumber(this.#view.getBigUint64(this.#take(8)))
      case 0xd0:
        return this.#view.getInt8(this.#take(1))
      case 0xd1:
        return this.#view.getInt16(this.#take(2))
      case 0xd2:
        return this.#view.getInt32(this.#take(4))
      case 0xd3:
        return safeNumber(this.#view.getBigInt64(this.#take(8)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#ext(1 << (type - 0xd4))
      case 0xd9:
        return this.#text(this.#byte())
      case 0xda:
        return this.#text(this.#uint16())
      case 0xdb:
        return this.#text(this.#uint32())
      case 0xdc:
        return this.#array(this.#uint16(), depth)
      case 0xdd:
        return this.#array(this.#uint32(), depth)
      case 0xde:
        return this.#map(this.#uint16(), depth)
      case 0xdf:
        return this.#map(this.#uint32(), depth)
    }
    throw invalid(`0x${type.toString(16)} at byte ${this.#at - 1} begins no MessagePack value`)
  }

  #map(count: number, depth: number): Record<string, unknown> {
    this.#checkNesting(count, depth)
    const map: Record<string, unknown> = {}
    for (let i = 0; i < count; i++) {
      const key = this.#value(depth + 1)
      const name = typeof key === 'string' ? key : key instanceof Uint8Array ? this.#decode(key) : String(key)
      const value = this.#value(depth + 1)
      // Assigning it would change the object's prototype instead of adding a key.
      if (name === '__proto__') Object.defineProperty(map, name, { value, enumerable: true })
      else map[name] = value
    }
    return map
  }

  #array(count: number, depth: number): unknown[] {
    this.#checkNesting(count, depth)
    const items: unknown[] = []
    for (let i = 0; i < count; i++) items.push(this.#value(depth + 1))
    return items
  }

  /** Every item takes a byte or more: a count past what is left is a lie. */
  #checkNesting(count: number, depth: number): void {
    if (depth >= MAX_DEPTH) throw invalid(`values are nested deeper than ${MAX_DEPTH}`)
    if (count > this.#bytes.length - this.#at) throw invalid(`${count} items are announced, and fewer bytes are left`)
  }

  #text(length: number): string {
    const start = this.#take(length)
    return names.get(this.#bytes, start, this.#at) ?? this.#decodeRange(start, this.#at)
  }

  #binary(length: number): Uint8Array {
    return this.#bytes.subarray(this.#take(length), this.#at)
  }

  #decodeRange(start: number, end: number): string {
    const text = this.#bytes.toString('utf8', start, end)
    if (text.includes('\uFFFD') && !isUtf8(this.#bytes.subarray(start, end))) this.#invalidText = true
    return text
  }

  #decode(bytes: Uint8Array): string {
    if (!isUtf8(bytes)) this.#invalidText = true
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  }

  /** EventTime holds seconds and nanoseconds as two big-endian 32-bit integers. Other extensions are kept as bytes. */
  #ext(length: number): ForwardTime | Uint8Array {
    const type = this.#view.getInt8(this.#take(1))
    const start = this.#take(length)
    if (type !== EVENT_TIME || length !== 8) return this.#bytes.subarray(start, start + length)
    const nanos = this.#view.getUint32(start + 4)
    return new ForwardTime(this.#view.getUint32(start) * 1000 + Math.floor(nanos / 1e6), nanos % 1e6)
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  #uint16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  #uint32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  /** Moves past `length` bytes and returns where they begin. */
  #take(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) throw invalid(`the message ends too early, at byte ${this.#bytes.length}`)
    this.#at = start + length
    return start
  }
}

function safeNumber(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function invalid(what: string): WeirError {
  return new WeirError('WEIR_FRAME_INVALID', `Not a Forward message: ${what}.`)
}

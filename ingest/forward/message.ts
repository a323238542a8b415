import { parseTime, WeirError } from '@weir/core'
import { ForwardTime, MsgpackReader } from './msgpack-reader.ts'

const NO_TIME = { ms: undefined, nanos: 0 }

/** One event of a message, as decoded. */
export interface ForwardEntry {
  readonly timeMs: number | undefined
  readonly timeNanos: number
  readonly record: unknown
  readonly invalidText: boolean
  /** The record's own MessagePack bytes: a view. */
  readonly bytes: Uint8Array
}

export interface PackedEntries {
  readonly bytes: Uint8Array
  readonly compression: 'none' | 'gzip' | 'zstd'
}

/** A message of the Fluent Forward protocol v1, its entries not yet decoded. */
export interface ForwardMessage {
  readonly tag: string
  /** What the sender wants acknowledged, undefined if nothing. */
  readonly chunk: string | Uint8Array | undefined
  /** Entries as bytes of their own (PackedForward), perhaps compressed; else `entries` has them. */
  readonly packed: PackedEntries | undefined
  readonly entries: () => Generator<ForwardEntry>
}

/**
 * Reads a whole message: Message `[tag, time, record, option?]`, Forward `[tag, [[time, record], …], option?]`, or
 * PackedForward `[tag, bin or str, option?]`, compressed or not.
 *
 * @param frame what FrameSplitter returned
 * @throws WEIR_FRAME_INVALID, also from the generator
 */
export function readMessage(frame: Uint8Array): ForwardMessage {
  const reader = new MsgpackReader(frame)
  const items = reader.arrayLength()
  if (items < 2 || items > 4) throw invalid(`an array of ${items} instead of 2 to 4`)
  if (reader.nextKind() !== 'bytes') throw invalid('the tag is no text')
  const tag = Buffer.from(reader.bytes()).toString('utf8')
  const kind = reader.nextKind()
  if (kind === 'bytes') {
    const bytes = reader.bytes()
    const option = readOption(reader, items - 2)
    const packed = { bytes, compression: compressionOf(option) }
    return { tag, chunk: chunkOf(option), packed, entries: () => packedEntries(bytes) }
  }
  if (kind === 'array') {
    const start = reader.position
    reader.skip()
    const option = readOption(reader, items - 2)
    return { tag, chunk: chunkOf(option), packed: undefined, entries: () => listedEntries(frame.subarray(start)) }
  }
  if (items < 3) throw invalid('a message without a record')
  const entry = readEntry(reader, frame)
  return { tag, chunk: chunkOf(readOption(reader, items - 3)), packed: undefined, entries: () => one(entry) }
}

function* one(entry: ForwardEntry): Generator<ForwardEntry> {
  yield entry
}

function* listedEntries(bytes: Uint8Array): Generator<ForwardEntry> {
  const reader = new MsgpackReader(bytes)
  const count = reader.arrayLength()
  for (let i = 0; i < count; i++) {
    checkPair(reader)
    yield readEntry(reader, bytes)
  }
}

/** Entries of a PackedForward message, one after the other. */
export function* packedEntries(bytes: Uint8Array): Generator<ForwardEntry> {
  const reader = new MsgpackReader(bytes)
  while (!reader.atEnd) {
    checkPair(reader)
    yield readEntry(reader, bytes)
  }
}

function checkPair(reader: MsgpackReader): void {
  const items = reader.arrayLength()
  if (items !== 2) throw invalid(`an entry of ${items} values instead of time and record`)
}

function readEntry(reader: MsgpackReader, source: Uint8Array): ForwardEntry {
  const time = reader.value()
  const start = reader.position
  const record = reader.value()
  const { ms, nanos } = timeOf(time)
  return {
    timeMs: ms,
    timeNanos: nanos,
    record,
    invalidText: reader.takeInvalidText(),
    bytes: source.subarray(start, reader.position),
  }
}

/** EventTime, or seconds (some clients: ms) as integer or float; Fluent Bit puts it into an array, before metadata. */
function timeOf(value: unknown): { ms: number | undefined; nanos: number } {
  const time = Array.isArray(value) ? (value[0] as unknown) : value
  return time instanceof ForwardTime ? time : (parseTime(time) ?? NO_TIME)
}

function readOption(reader: MsgpackReader, left: number): Readonly<Record<string, unknown>> {
  if (left <= 0) return {}
  const option = reader.value()
  if (option === null) return {}
  if (typeof option !== 'object' || Array.isArray(option) || option instanceof Uint8Array) {
    throw invalid('its option is no map')
  }
  return option as Readonly<Record<string, unknown>>
}

function chunkOf(option: Readonly<Record<string, unknown>>): string | Uint8Array | undefined {
  const chunk = option.chunk
  if (chunk === undefined || chunk === null) return undefined
  if (typeof chunk === 'string') return chunk
  // A copy: by the time of the acknowledgement later messages lie where the frame was.
  if (chunk instanceof Uint8Array) return new Uint8Array(chunk)
  throw invalid('its chunk is no text')
}

function compressionOf(option: Readonly<Record<string, unknown>>): PackedEntries['compression'] {
  const compressed = option.compressed
  if (compressed === undefined || compressed === null || compressed === 'text') return 'none'
  if (compressed === 'gzip' || compressed === 'zstd') return compressed
  throw invalid(`compressed by ${String(compressed).slice(0, 40)}; gzip and zstd are known`)
}

/** The answer to a stored chunk: `{"ack": chunk}`. */
export function ackOf(chunk: string | Uint8Array): Buffer {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
  const head = Buffer.alloc(8)
  head.write('\x81\xa3ack\xda', 0, 'latin1')
  head.writeUInt16BE(Math.min(bytes.length, 0xffff), 6)
  return Buffer.concat([head, bytes.subarray(0, 0xffff)])
}

function invalid(what: string): WeirError {
  return new WeirError('WEIR_FRAME_INVALID', `Not a Forward message: ${what}.`)
}

import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { RecordBatch, type RecordHeaders, WeirError } from '@weir/core'

/** A record batch as it is stored and sent between threads. */
export interface EncodedBatch {
  /** Owns its ArrayBuffer, so that it can be transferred. */
  readonly blob: Uint8Array
  /** Records; 0 writes nothing. */
  readonly count: number
  /** Newest broker timestamp, ms since the epoch; 0 for an empty batch. */
  readonly maxTimestampMs: number
}

/*
 * Layout, numbers little-endian as Node's typed arrays are on every platform it is released for but s390x:
 *
 *   0 u32 CRC-32 of all that follows      8 u32 records               16 f64 first timestamp
 *   4 u8  version, u8 flags, u16 0       12 u32 bytes of plain body   24 u32 bytes of headers, u32 0
 *
 * then the body, perhaps compressed: timestamp column, key lengths, value lengths (-1: null), keys and values in record
 * order, headers as JSON.
 */
const HEADER_BYTES = 32
const VERSION = 1
const COMPRESSED = 1
/** Timestamps are i32 differences to the first. */
const TIMESTAMP_DELTAS = 2
/** Timestamps are an f64 column. Neither flag: all are equal to the first. */
const TIMESTAMP_COLUMN = 4
const KEYS = 8

const COMPRESS_FROM_BYTES = 512
/** Compressed only if that takes off a tenth at least: reading is then cheaper too. */
const WORTHWHILE_RATIO = 0.9
const MAX_DELTA = 0x7fffffff
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Copies the batch into one blob of its own, compressed by zstd where that helps. */
export function encodeBatch(batch: RecordBatch): EncodedBatch {
  const shape = measure(batch)
  const headers = encodeHeaders(batch.headers)
  const columnBytes = shape.timestampBytes + (shape.hasKeys ? 8 : 4) * batch.count
  const bodyBytes = columnBytes + shape.payloadBytes + headers.length
  const plain = new Uint8Array(HEADER_BYTES + bodyBytes)
  writeColumns(plain, batch, shape)
  writePayload(plain.subarray(HEADER_BYTES + columnBytes), batch, shape)
  plain.set(headers, plain.length - headers.length)
  const compressed = compress(plain.subarray(HEADER_BYTES))
  const blob = compressed === null ? plain : new Uint8Array(HEADER_BYTES + compressed.length)
  if (compressed !== null) blob.set(compressed, HEADER_BYTES)

  const view = new DataView(blob.buffer)
  view.setUint8(4, VERSION)
  view.setUint8(5, shape.timestampFlag | (shape.hasKeys ? KEYS : 0) | (compressed === null ? 0 : COMPRESSED))
  view.setUint32(8, batch.count, true)
  view.setUint32(12, bodyBytes, true)
  view.setFloat64(16, batch.timestampsMs[0] ?? 0, true)
  view.setUint32(24, headers.length, true)
  view.setUint32(0, crc32(blob.subarray(4)), true)
  return { blob, count: batch.count, maxTimestampMs: shape.maxTimestampMs }
}

/** Why the blob can not be a batch that was written whole, or null if it is one. */
export function batchDamage(blob: Uint8Array): string | null {
  if (blob.length < HEADER_BYTES) return `it has only ${blob.length} bytes`
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  if (view.getUint32(0, true) !== crc32(blob.subarray(4))) return 'its checksum does not match'
  if (view.getUint8(4) !== VERSION) return `it has version ${view.getUint8(4)}, and this Weir reads ${VERSION}`
  return null
}

/** Bytes of the batch once decoded, about. */
export function decodedBytes(blob: Uint8Array): number {
  return new DataView(blob.buffer, blob.byteOffset, blob.byteLength).getUint32(12, true)
}

/**
 * The records of a blob that {@link batchDamage} found sound.
 *
 * @param baseOffset offset of the first record stored in the blob
 * @param skip records to leave out at the start, in [0, count]
 * @throws WEIR_STORE_FAILED if the body does not hold what the header says
 */
export function decodeBatch(blob: Uint8Array, baseOffset: number, skip = 0): RecordBatch {
  const header = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const flags = header.getUint8(5)
  const count = header.getUint32(8, true)
  const bodyBytes = header.getUint32(12, true)
  const headerBytes = header.getUint32(24, true)
  const stored = blob.subarray(HEADER_BYTES)
  const body = aligned(
    (flags & COMPRESSED) === 0 ? stored : zstdDecompressSync(stored, { maxOutputLength: bodyBytes + 1 }),
  )
  if (body.length !== bodyBytes) {
    throw new WeirError('WEIR_STORE_FAILED', `A batch says it holds ${bodyBytes} bytes but holds ${body.length}.`)
  }

  const timestampsMs = readTimestamps(body, flags, count, header.getFloat64(16, true))
  const lengthsAt = timestampColumnBytes(flags, count)
  const keyLengths = (flags & KEYS) === 0 ? null : new Int32Array(body.buffer, body.byteOffset + lengthsAt, count)
  const valuesAt = lengthsAt + (keyLengths === null ? 0 : count * 4)
  const valueLengths = new Int32Array(body.buffer, body.byteOffset + valuesAt, count)

  const keyStarts = new Int32Array(count)
  const keyEnds = new Int32Array(count)
  const valueStarts = new Int32Array(count)
  const valueEnds = new Int32Array(count)
  let at = valuesAt + count * 4
  for (let i = 0; i < count; i++) {
    const keyLength = keyLengths === null ? -1 : keyLengths[i]!
    keyStarts[i] = keyLength < 0 ? -1 : at
    if (keyLength > 0) at += keyLength
    keyEnds[i] = keyLength < 0 ? -1 : at
    const valueLength = valueLengths[i]!
    valueStarts[i] = valueLength < 0 ? -1 : at
    if (valueLength > 0) at += valueLength
    valueEnds[i] = valueLength < 0 ? -1 : at
  }
  const offsets = new Float64Array(count - skip)
  for (let i = 0; i < offsets.length; i++) offsets[i] = baseOffset + skip + i
  return new RecordBatch({
    count: count - skip,
    bytes: body,
    offsets,
    timestampsMs: timestampsMs.subarray(skip),
    keyStarts: keyStarts.subarray(skip),
    keyEnds: keyEnds.subarray(skip),
    valueStarts: valueStarts.subarray(skip),
    valueEnds: valueEnds.subarray(skip),
    headers: decodeHeaders(body.subarray(bodyBytes - headerBytes), skip),
  })
}

interface Shape {
  readonly hasKeys: boolean
  readonly payloadBytes: number
  /** Start of the payload in the batch's bytes if it lies there in one piece, else -1. */
  readonly contiguousFrom: number
  readonly timestampFlag: number
  readonly timestampBytes: number
  readonly maxTimestampMs: number
}

function measure(batch: RecordBatch): Shape {
  const { count, keyStarts, keyEnds, valueStarts, valueEnds, timestampsMs } = batch
  const firstMs = timestampsMs[0] ?? 0
  let maxTimestampMs = firstMs
  let payloadBytes = 0
  let contiguousFrom = -1
  let next = -1
  let contiguous = true
  let hasKeys = false
  let allEqual = true
  let allDeltas = true
  const cover = (start: number, end: number) => {
    if (start < 0 || start === end) return
    if (next < 0) contiguousFrom = start
    else if (start !== next) contiguous = false
    next = end
    payloadBytes += end - start
  }
  for (let i = 0; i < count; i++) {
    if (keyStarts[i]! >= 0) hasKeys = true
    cover(keyStarts[i]!, keyEnds[i]!)
    cover(valueStarts[i]!, valueEnds[i]!)
    const timestampMs = timestampsMs[i]!
    if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs
    if (timestampMs === firstMs) continue
    allEqual = false
    const deltaMs = timestampMs - firstMs
    if (!Number.isInteger(deltaMs) || Math.abs(deltaMs) > MAX_DELTA || firstMs + deltaMs !== timestampMs)
      allDeltas = false
  }
  const timestampFlag = allEqual ? 0 : allDeltas ? TIMESTAMP_DELTAS : TIMESTAMP_COLUMN
  const timestampBytes = timestampColumnBytes(timestampFlag, count)
  return {
    hasKeys,
    payloadBytes,
    contiguousFrom: contiguous ? contiguousFrom : -1,
    timestampFlag,
    timestampBytes,
    maxTimestampMs,
  }
}

function timestampColumnBytes(flags: number, count: number): number {
  if ((flags & TIMESTAMP_DELTAS) !== 0) return count * 4
  return (flags & TIMESTAMP_COLUMN) === 0 ? 0 : count * 8
}

function writeColumns(out: Uint8Array, batch: RecordBatch, shape: Shape): void {
  const { count, timestampsMs } = batch
  if (shape.timestampFlag === TIMESTAMP_COLUMN) new Float64Array(out.buffer, HEADER_BYTES, count).set(timestampsMs)
  if (shape.timestampFlag === TIMESTAMP_DELTAS) {
    const deltas = new Int32Array(out.buffer, HEADER_BYTES, count)
    for (let i = 0; i < count; i++) deltas[i] = timestampsMs[i]! - timestampsMs[0]!
  }
  let at = HEADER_BYTES + shape.timestampBytes
  if (shape.hasKeys) {
    writeLengths(new Int32Array(out.buffer, at, count), batch.keyStarts, batch.keyEnds)
    at += count * 4
  }
  writeLengths(new Int32Array(out.buffer, at, count), batch.valueStarts, batch.valueEnds)
}

function writeLengths(out: Int32Array, starts: Int32Array, ends: Int32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = starts[i]! < 0 ? -1 : ends[i]! - starts[i]!
}

function writePayload(out: Uint8Array, batch: RecordBatch, shape: Shape): void {
  if (shape.contiguousFrom >= 0) {
    out.set(batch.bytes.subarray(shape.contiguousFrom, shape.contiguousFrom + shape.payloadBytes))
    return
  }
  let at = 0
  for (let i = 0; i < batch.count; i++) {
    for (const part of [batch.key(i), batch.value(i)]) {
      if (part === null) continue
      out.set(part, at)
      at += part.length
    }
  }
}

function readTimestamps(body: Uint8Array, flags: number, count: number, firstMs: number): Float64Array {
  if ((flags & TIMESTAMP_COLUMN) !== 0) return new Float64Array(body.buffer, body.byteOffset, count)
  const timestampsMs = new Float64Array(count).fill(firstMs)
  if ((flags & TIMESTAMP_DELTAS) !== 0) {
    const deltas = new Int32Array(body.buffer, body.byteOffset, count)
    for (let i = 0; i < count; i++) timestampsMs[i] = firstMs + deltas[i]!
  }
  return timestampsMs
}

function encodeHeaders(headers: ReadonlyMap<number, RecordHeaders>): Uint8Array {
  return headers.size === 0 ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify([...headers]))
}

function decodeHeaders(json: Uint8Array, skip: number): ReadonlyMap<number, RecordHeaders> {
  const headers = new Map<number, RecordHeaders>()
  if (json.length === 0) return headers
  for (const [index, value] of JSON.parse(new TextDecoder().decode(json)) as [number, RecordHeaders][]) {
    if (index >= skip) headers.set(index - skip, value)
  }
  return headers
}

function compress(body: Uint8Array): Uint8Array | null {
  if (body.length < COMPRESS_FROM_BYTES) return null
  const compressed = zstdCompressSync(body, ZSTD_OPTIONS)
  return compressed.length < body.length * WORTHWHILE_RATIO ? compressed : null
}

/** Typed columns need their start on a multiple of 8 bytes. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}

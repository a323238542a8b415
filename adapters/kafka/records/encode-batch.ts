import type { RecordBatch, RecordHeaders } from '@weir/core'
import type { ProducerIdentity } from '../producer-identity.ts'
import { BATCH_HEADER_BYTES, CHECKED_FROM, LENGTH_OFFSET_BYTES, MAGIC, TRANSACTIONAL_FLAG } from './batch-header.ts'
import { type Compression, compress, compressionCode } from './compression.ts'
import { crc32c } from './crc32c.ts'

/** Records `[from, to)` of a batch. */
export interface BatchSlice {
  readonly batch: RecordBatch
  readonly from: number
  readonly to: number
}

export interface BatchEncoding {
  readonly compression: Compression
  readonly transactional: boolean
  readonly producer: ProducerIdentity
  /** Number of the first record among the producer's in the partition. */
  readonly baseSequence: number
}

/** The most that a record takes beyond its key, value and headers: seven numbers of variable length. */
const RECORD_OVERHEAD_BYTES = 40
const encoder = new TextEncoder()

/**
 * One batch of Kafka's format 2 (KIP-98) that holds the slices' records in order.
 *
 * @param slices one record at least
 */
export function encodeBatch(slices: readonly BatchSlice[], encoding: BatchEncoding): Buffer {
  const baseTimestampMs = slices[0]!.batch.timestampMs(slices[0]!.from)
  const { bytes, count, maxTimestampMs } = encodeRecords(slices, baseTimestampMs)
  const records = compress(encoding.compression, bytes)
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + records.length)
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(batch.length - LENGTH_OFFSET_BYTES, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(MAGIC, 16)
  batch.writeInt16BE(compressionCode(encoding.compression) | (encoding.transactional ? TRANSACTIONAL_FLAG : 0), 21)
  batch.writeInt32BE(count - 1, 23)
  batch.writeBigInt64BE(BigInt(baseTimestampMs), 27)
  batch.writeBigInt64BE(BigInt(maxTimestampMs), 35)
  batch.writeBigInt64BE(BigInt(encoding.producer.producerId), 43)
  batch.writeInt16BE(encoding.producer.producerEpoch, 51)
  batch.writeInt32BE(encoding.baseSequence, 53)
  batch.writeInt32BE(count, 57)
  batch.set(records, BATCH_HEADER_BYTES)
  batch.writeUInt32BE(crc32c(batch, CHECKED_FROM), 17)
  return batch
}

/** Upper bound of what record `index` takes in a batch before compression. */
export function encodedRecordBytes(batch: RecordBatch, index: number): number {
  const key = batch.keyEnds[index]! - batch.keyStarts[index]!
  const value = batch.valueEnds[index]! - batch.valueStarts[index]!
  const headers = batch.headers.get(index)
  return RECORD_OVERHEAD_BYTES + key + value + (headers === undefined ? 0 : headersBytes(headers))
}

function headersBytes(headers: RecordHeaders): number {
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) bytes += 10 + 3 * (name.length + value.length)
  return bytes
}

function encodeRecords(slices: readonly BatchSlice[], baseTimestampMs: number) {
  let maxBytes = 0
  for (const { batch, from, to } of slices) {
    for (let i = from; i < to; i++) maxBytes += encodedRecordBytes(batch, i)
  }
  const writer = new RecordWriter(maxBytes)
  let count = 0
  let maxTimestampMs = baseTimestampMs
  for (const { batch, from, to } of slices) {
    for (let i = from; i < to; i++) {
      const timestampMs = batch.timestampMs(i)
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs
      writer.record(batch, i, timestampMs - baseTimestampMs, count++)
    }
  }
  return { bytes: writer.bytes(), count, maxTimestampMs }
}

class RecordWriter {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(maxBytes: number) {
    this.#bytes = Buffer.allocUnsafe(maxBytes)
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  record(batch: RecordBatch, index: number, timestampDeltaMs: number, offsetDelta: number): void {
    const headers = batch.headers.get(index)
    const parts =
      headers === undefined
        ? null
        : Object.entries(headers)
            .flat()
            .map((part) => encoder.encode(part))
    const key = batch.keyEnds[index]! - batch.keyStarts[index]!
    const value = batch.valueEnds[index]! - batch.valueStarts[index]!
    const keyLength = batch.keyStarts[index]! < 0 ? -1 : key
    const valueLength = batch.valueStarts[index]! < 0 ? -1 : value
    let length = 1 + longSize(timestampDeltaMs) + longSize(offsetDelta) + longSize(keyLength) + longSize(valueLength)
    length += key + value + longSize(parts === null ? 0 : parts.length / 2)
    for (const part of parts ?? []) length += longSize(part.length) + part.length

    this.#number(length)
    this.#bytes[this.#at++] = 0
    this.#number(timestampDeltaMs)
    this.#number(offsetDelta)
    this.#part(batch.bytes, batch.keyStarts[index]!, keyLength)
    this.#part(batch.bytes, batch.valueStarts[index]!, valueLength)
    this.#number(parts === null ? 0 : parts.length / 2)
    for (const part of parts ?? []) this.#part(part, 0, part.length)
  }

  #part(bytes: Uint8Array, start: number, length: number): void {
    this.#number(length)
    if (length <= 0) return
    this.#bytes.set(bytes.subarray(start, start + length), this.#at)
    this.#at += length
  }

  /** Zigzag, seven bits a byte, the lowest first. */
  #number(value: number): void {
    let rest = value < 0 ? -value * 2 - 1 : value * 2
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#at++] = rest
  }
}

function longSize(value: number): number {
  let rest = value < 0 ? -value * 2 - 1 : value * 2
  let size = 1
  for (; rest >= 0x80; size++) rest = Math.floor(rest / 0x80)
  return size
}

import { RecordBatch, type RecordHeaders, type TopicPartition, WeirError } from '@weir/core'
import {
  APPEND_TIME_FLAG,
  BATCH_HEADER_BYTES,
  type BatchHeader,
  CHECKED_FROM,
  COMPRESSION_MASK,
  MAGIC,
} from './batch-header.ts'
import { decompress } from './compression.ts'
import { crc32c } from './crc32c.ts'

const text = new TextDecoder()

/**
 * The records of one fetched batch from offset `fromOffset` on, as columns over the batch's bytes: nothing is copied
 * unless the batch is compressed.
 *
 * @throws WEIR_STORE_CORRUPT if its checksum, compression or records are damaged, or of a format older than Kafka 0.11's
 */
export function decodeBatch(
  buffer: Buffer,
  header: BatchHeader,
  fromOffset: number,
  partition: TopicPartition,
): RecordBatch {
  const { start, end } = header
  const corrupt = (reason: string, cause?: unknown) =>
    new WeirError(
      'WEIR_STORE_CORRUPT',
      `The batch at offset ${header.baseOffset} of topic ${partition.topic}, partition ${partition.partition} can not be read: ${reason}. Reading goes on behind it after a seek to offset ${header.lastOffset + 1}.`,
      { cause },
    )
  if (header.magic !== MAGIC) throw corrupt(`it is of format ${header.magic}, not ${MAGIC}`)
  if (buffer.readUInt32BE(start + 17) !== crc32c(buffer, start + CHECKED_FROM, end)) {
    throw corrupt('its checksum is wrong')
  }
  const stored = buffer.subarray(start + BATCH_HEADER_BYTES, end)
  let bytes: Uint8Array
  try {
    bytes = decompress(header.attributes & COMPRESSION_MASK, stored)
  } catch (error) {
    throw corrupt(error instanceof Error ? error.message : String(error), error)
  }
  // A record takes seven bytes at least: a count beyond that is a lie, and would make the columns burst.
  if (header.count < 0 || header.count * 7 > bytes.length) throw corrupt('it holds fewer records than its header says')
  const reader = new RecordReader(bytes, header, fromOffset)
  try {
    return reader.read()
  } catch (error) {
    if (error instanceof RangeError) throw corrupt(error.message, error)
    throw error
  }
}

class RecordReader {
  readonly #bytes: Uint8Array
  readonly #header: BatchHeader
  readonly #fromOffset: number
  #at = 0

  constructor(bytes: Uint8Array, header: BatchHeader, fromOffset: number) {
    this.#bytes = bytes
    this.#header = header
    this.#fromOffset = fromOffset
  }

  read(): RecordBatch {
    const { baseOffset, baseTimestampMs, maxTimestampMs, attributes, count } = this.#header
    const appendTime = (attributes & APPEND_TIME_FLAG) !== 0
    const offsets = new Float64Array(count)
    const timestampsMs = new Float64Array(count)
    const [keyStarts, keyEnds] = [new Int32Array(count), new Int32Array(count)]
    const [valueStarts, valueEnds] = [new Int32Array(count), new Int32Array(count)]
    const headers = new Map<number, RecordHeaders>()
    let kept = 0
    for (let i = 0; i < count; i++) {
      const end = this.#number() + this.#at
      if (end > this.#bytes.length) throw new RangeError('a record is cut short')
      this.#at++
      const timestampDeltaMs = this.#number()
      const offset = baseOffset + this.#number()
      const keyLength = this.#number()
      const keyStart = this.#at
      if (keyLength > 0) this.#at += keyLength
      const valueLength = this.#number()
      const valueStart = this.#at
      if (valueLength > 0) this.#at += valueLength
      if (this.#at > end) throw new RangeError('a key or value is longer than its record')
      if (offset >= this.#fromOffset) {
        offsets[kept] = offset
        timestampsMs[kept] = appendTime ? maxTimestampMs : baseTimestampMs + timestampDeltaMs
        keyStarts[kept] = keyLength < 0 ? -1 : keyStart
        keyEnds[kept] = keyLength < 0 ? -1 : keyStart + keyLength
        valueStarts[kept] = valueLength < 0 ? -1 : valueStart
        valueEnds[kept] = valueLength < 0 ? -1 : valueStart + valueLength
        const headerCount = this.#number()
        if (headerCount > 0) headers.set(kept, this.#headers(headerCount, end))
        kept++
      }
      this.#at = end
    }
    const columns = { count: kept, bytes: this.#bytes, headers }
    if (kept === count) {
      return new RecordBatch({ ...columns, offsets, timestampsMs, keyStarts, keyEnds, valueStarts, valueEnds })
    }
    return new RecordBatch({
      ...columns,
      offsets: offsets.subarray(0, kept),
      timestampsMs: timestampsMs.subarray(0, kept),
      keyStarts: keyStarts.subarray(0, kept),
      keyEnds: keyEnds.subarray(0, kept),
      valueStarts: valueStarts.subarray(0, kept),
      valueEnds: valueEnds.subarray(0, kept),
    })
  }

  /** Of headers with the same name the last counts; a null value becomes the empty text. */
  #headers(count: number, end: number): RecordHeaders {
    const headers: [string, string][] = []
    for (let i = 0; i < count && this.#at < end; i++) {
      const name = this.#text(end)
      headers.push([name, this.#text(end)])
    }
    return Object.fromEntries(headers)
  }

  #text(end: number): string {
    const length = this.#number()
    if (length <= 0) return ''
    if (this.#at + length > end) throw new RangeError('a header is longer than its record')
    this.#at += length
    return text.decode(this.#bytes.subarray(this.#at - length, this.#at))
  }

  /** Zigzag, seven bits a byte, the lowest first; beyond 2^53 not exact. */
  #number(): number {
    const bytes = this.#bytes
    let byte = bytes[this.#at++]
    if (byte === undefined) throw new RangeError('a record is cut short')
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    for (let scale = 0x80; ; scale *= 0x80) {
      byte = bytes[this.#at++]
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('a number is cut short')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) break
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}

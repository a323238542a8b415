/** Bytes before the records of a batch of Kafka's format 2 (KIP-98). */
export const BATCH_HEADER_BYTES = 61
/** Bytes of the base offset and the length, which the length does not count. */
export const LENGTH_OFFSET_BYTES = 12
/** The checksum covers everything from here to the batch's end. */
export const CHECKED_FROM = 21
export const MAGIC = 2

export const COMPRESSION_MASK = 0x07
export const APPEND_TIME_FLAG = 0x08
export const TRANSACTIONAL_FLAG = 0x10
export const CONTROL_FLAG = 0x20

/** Where a batch lies in a fetched buffer, and what its header says. */
export interface BatchHeader {
  /** Of the batch's first byte in the buffer, and of the byte after its last. */
  readonly start: number
  readonly end: number
  readonly baseOffset: number
  /** Offset of the last record it was written with; compaction may have taken that record out. */
  readonly lastOffset: number
  readonly magic: number
  readonly attributes: number
  readonly baseTimestampMs: number
  readonly maxTimestampMs: number
  readonly producerId: bigint
  readonly count: number
}

/**
 * Headers of the whole batches in the records of a fetch response; a last one that was cut at the fetch's bound of bytes
 * is left out, to be fetched again.
 */
export function* batchHeaders(records: Buffer): Generator<BatchHeader> {
  for (let start = 0; start + BATCH_HEADER_BYTES <= records.length; ) {
    const end = start + LENGTH_OFFSET_BYTES + records.readInt32BE(start + 8)
    if (end > records.length || end < start + BATCH_HEADER_BYTES) return
    const baseOffset = Number(records.readBigInt64BE(start))
    yield {
      start,
      end,
      baseOffset,
      lastOffset: baseOffset + records.readInt32BE(start + 23),
      magic: records.readInt8(start + 16),
      attributes: records.readInt16BE(start + 21),
      baseTimestampMs: Number(records.readBigInt64BE(start + 27)),
      maxTimestampMs: Number(records.readBigInt64BE(start + 35)),
      producerId: records.readBigInt64BE(start + 43),
      count: records.readInt32BE(start + 57),
    }
    start = end
  }
}

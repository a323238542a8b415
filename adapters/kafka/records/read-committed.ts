import { BATCH_HEADER_BYTES, type BatchHeader, CONTROL_FLAG, TRANSACTIONAL_FLAG } from './batch-header.ts'

export interface AbortedTransaction {
  readonly producerId: bigint
  /** Offset of the transaction's first record in the partition. */
  readonly firstOffset: number
}

const ABORT_MARKER = 0

/**
 * The batches that a committed reader sees: no control records, and none of the transactions that the broker lists as
 * aborted, each of which reaches from its first offset to its producer's abort marker (KIP-98).
 */
export function* committedBatches(
  records: Buffer,
  headers: Iterable<BatchHeader>,
  aborted: readonly AbortedTransaction[],
): Generator<BatchHeader> {
  const waiting = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset)
  const open = new Set<bigint>()
  for (const header of headers) {
    while (waiting.length > 0 && waiting.at(-1)!.firstOffset <= header.lastOffset) open.add(waiting.pop()!.producerId)
    if ((header.attributes & CONTROL_FLAG) !== 0) {
      if (isAbortMarker(records, header)) open.delete(header.producerId)
      continue
    }
    if ((header.attributes & TRANSACTIONAL_FLAG) !== 0 && open.has(header.producerId)) continue
    yield header
  }
}

/**
 * A control batch holds one record: length, attributes, time and offset (one byte each, both deltas being 0), the key's
 * length, and the key: its version and the kind of marker, two bytes each.
 */
function isAbortMarker(records: Buffer, { start, end }: BatchHeader): boolean {
  const key = start + BATCH_HEADER_BYTES + 5
  return key + 4 <= end && records.readInt16BE(key + 2) === ABORT_MARKER
}

/**
 * Records of one topic partition, held as columns over one byte buffer so that millions of them cost no object each.
 * Offsets rise but may have gaps (transaction markers, compaction).
 */
export class RecordBatch {
  readonly count: number
  /** Holds all keys and values. */
  readonly bytes: Uint8Array
  /** Log offset of each record; meaningless (0) in a batch not yet written. */
  readonly offsets: Float64Array
  /** Broker timestamp of each record, ms since the epoch. */
  readonly timestampsMs: Float64Array
  /** Start of record i's key in `bytes`, -1 for a null key; and its end (exclusive). */
  readonly keyStarts: Int32Array
  readonly keyEnds: Int32Array
  /** Start of record i's value in `bytes`, -1 for a null value (a tombstone); and its end (exclusive). */
  readonly valueStarts: Int32Array
  readonly valueEnds: Int32Array
  /** Headers of the records that have any, by index. */
  readonly headers: ReadonlyMap<number, RecordHeaders>

  constructor(columns: RecordColumns) {
    this.count = columns.count
    this.bytes = columns.bytes
    this.offsets = columns.offsets
    this.timestampsMs = columns.timestampsMs
    this.keyStarts = columns.keyStarts
    this.keyEnds = columns.keyEnds
    this.valueStarts = columns.valueStarts
    this.valueEnds = columns.valueEnds
    this.headers = columns.headers
  }

  /** A view, not a copy; null for a null key. */
  key(index: number): Uint8Array | null {
    const start = this.keyStarts[index]!
    return start < 0 ? null : this.bytes.subarray(start, this.keyEnds[index])
  }

  /** A view, not a copy; null for a tombstone. */
  value(index: number): Uint8Array | null {
    const start = this.valueStarts[index]!
    return start < 0 ? null : this.bytes.subarray(start, this.valueEnds[index])
  }

  offset(index: number): number {
    return this.offsets[index]!
  }

  timestampMs(index: number): number {
    return this.timestampsMs[index]!
  }
}

/** Values are text; by convention `weir.*` for Weir's own. */
export type RecordHeaders = Readonly<Record<string, string>>

export interface RecordColumns {
  readonly count: number
  readonly bytes: Uint8Array
  readonly offsets: Float64Array
  readonly timestampsMs: Float64Array
  readonly keyStarts: Int32Array
  readonly keyEnds: Int32Array
  readonly valueStarts: Int32Array
  readonly valueEnds: Int32Array
  readonly headers: ReadonlyMap<number, RecordHeaders>
}

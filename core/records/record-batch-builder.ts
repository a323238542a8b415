import { RecordBatch, type RecordHeaders } from './record-batch.ts'

const INITIAL_RECORDS = 64
const INITIAL_BYTES = 16 * 1024
const encoder = new TextEncoder()

/**
 * Collects records to be produced. `build()` hands the buffers over without a copy and leaves the builder empty.
 *
 * Not bounded by itself: the caller watches `sizeBytes` and `count`.
 */
export class RecordBatchBuilder {
  #count = 0
  #used = 0
  #bytes = new Uint8Array(INITIAL_BYTES)
  #timestampsMs = new Float64Array(INITIAL_RECORDS)
  #spans = new Int32Array(INITIAL_RECORDS * 4)
  #headers = new Map<number, RecordHeaders>()

  get count(): number {
    return this.#count
  }

  /** Bytes of keys and values so far. */
  get sizeBytes(): number {
    return this.#used
  }

  /** @param timestampMs broker timestamp, ms since the epoch */
  append(key: Uint8Array | null, value: Uint8Array | null, timestampMs: number, headers?: RecordHeaders): void {
    const index = this.#open(timestampMs, headers)
    this.#spans[index * 4] = key === null ? -1 : this.#used
    this.#spans[index * 4 + 1] = key === null ? -1 : this.#copy(key)
    this.#spans[index * 4 + 2] = value === null ? -1 : this.#used
    this.#spans[index * 4 + 3] = value === null ? -1 : this.#copy(value)
  }

  /** As {@link append} with text, encoded as UTF-8 straight into the batch. */
  appendText(key: string | null, value: string, timestampMs: number, headers?: RecordHeaders): void {
    const index = this.#open(timestampMs, headers)
    this.#spans[index * 4] = key === null ? -1 : this.#used
    this.#spans[index * 4 + 1] = key === null ? -1 : this.#encode(key)
    this.#spans[index * 4 + 2] = this.#used
    this.#spans[index * 4 + 3] = this.#encode(value)
  }

  build(): RecordBatch {
    const count = this.#count
    const column = (at: number) => {
      const out = new Int32Array(count)
      for (let i = 0; i < count; i++) out[i] = this.#spans[i * 4 + at]!
      return out
    }
    const batch = new RecordBatch({
      count,
      bytes: this.#bytes.subarray(0, this.#used),
      offsets: new Float64Array(count),
      timestampsMs: this.#timestampsMs.slice(0, count),
      keyStarts: column(0),
      keyEnds: column(1),
      valueStarts: column(2),
      valueEnds: column(3),
      headers: this.#headers,
    })
    this.#bytes = new Uint8Array(Math.max(INITIAL_BYTES, this.#used))
    this.#headers = new Map()
    this.#count = 0
    this.#used = 0
    return batch
  }

  #open(timestampMs: number, headers: RecordHeaders | undefined): number {
    const index = this.#count++
    if (index === this.#timestampsMs.length) {
      const timestamps = new Float64Array(index * 2)
      timestamps.set(this.#timestampsMs)
      this.#timestampsMs = timestamps
      const spans = new Int32Array(index * 8)
      spans.set(this.#spans)
      this.#spans = spans
    }
    this.#timestampsMs[index] = timestampMs
    if (headers) this.#headers.set(index, headers)
    return index
  }

  #copy(part: Uint8Array): number {
    this.#reserve(part.length)
    this.#bytes.set(part, this.#used)
    this.#used += part.length
    return this.#used
  }

  #encode(text: string): number {
    this.#reserve(text.length * 3)
    this.#used += encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written
    return this.#used
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + length))
    grown.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = grown
  }
}

import type { FetchedBatch, TopicPartition, WeirError } from '@weir/core'
import { type BatchHeader, batchHeaders } from './records/batch-header.ts'
import { decodeBatch } from './records/decode-batch.ts'
import { committedBatches } from './records/read-committed.ts'
import type { FetchedPartition } from './requests/fetch.ts'

interface StoredBatch {
  readonly records: Buffer
  readonly header: BatchHeader
  /** Of the partition, when it was fetched. */
  readonly end: number
}

/** Where a consumer reads in one partition, and what was fetched of it already. */
export class Position implements TopicPartition {
  readonly topic: string
  readonly partition: number
  paused = false
  /** Next offset to fetch. */
  #next: number
  /** Records before it are not handed out: the offset sought may lie inside a batch. */
  #from: number
  #batches: StoredBatch[] = []
  #failure: WeirError | null = null

  constructor({ topic, partition }: TopicPartition, offset: number) {
    this.topic = topic
    this.partition = partition
    this.#next = offset
    this.#from = offset
  }

  get nextOffset(): number {
    return this.#next
  }

  /** Something can be handed out. */
  get isReady(): boolean {
    return !this.paused && (this.#batches.length > 0 || this.#failure !== null)
  }

  seek(offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new RangeError(`An offset is a whole number from 0, not ${offset}.`)
    this.#next = offset
    this.#from = offset
    this.#batches = []
    this.#failure = null
  }

  /** Raised by the next {@link take}, once what was fetched before it has been taken. */
  fail(failure: WeirError): void {
    this.#failure = failure
  }

  /** Takes over an answer to a fetch from `fetchedFrom`; one from before a seek is left. */
  accept({ records, aborted, lastStableOffset }: FetchedPartition, fetchedFrom: number): void {
    if (fetchedFrom !== this.#next) return
    const headers = [...batchHeaders(records)]
    for (const header of committedBatches(records, headers, aborted)) {
      this.#batches.push({ records, header, end: lastStableOffset })
    }
    const last = headers.at(-1)
    if (last !== undefined) this.#next = Math.max(this.#next, last.lastOffset + 1)
  }

  /**
   * The next batch's records; null if it has none from the position on.
   *
   * @throws WEIR_STORE_CORRUPT again and again, until a seek leads past the damage
   */
  take(): FetchedBatch | null {
    const stored = this.#batches[0]
    if (stored === undefined) {
      const failure = this.#failure
      this.#failure = null
      if (failure !== null) throw failure
      return null
    }
    const records = decodeBatch(stored.records, stored.header, this.#from, this)
    this.#batches.shift()
    this.#from = stored.header.lastOffset + 1
    if (records.count === 0) return null
    return { topic: this.topic, partition: this.partition, records, end: stored.end }
  }
}

import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type PartitionOffsets, type TopicSpec, WeirError } from '@weir/core'
import { batchDamage, decodedBytes } from './batch-codec.ts'
import type { BrokerEvent } from './broker-event.ts'
import type { Durability } from './database.ts'
import type { MetaStore, SegmentEntry, StoredTopic } from './meta-store.ts'
import { removeSegmentFile, Segment, type StagedBatch, type StoredBatch } from './segment.ts'

const MAX_OPEN_SEGMENTS = 8
/** A time-bound topic rolls this often within its retention, so that whole segments come of age one by one. */
const SEGMENTS_PER_RETENTION = 4
const MIN_SEGMENT_BYTES = 64 * 1024

interface TopicLogOptions {
  readonly directory: string
  readonly durability: Durability
  readonly maxSegmentBytes: number
  readonly onEvent: (event: BrokerEvent) => void
}

interface LogRead {
  readonly batches: StoredBatch[]
  /** Of the batches once decoded. */
  readonly bytes: number
  /** Where to read on. */
  readonly next: number
  /** Why the batch at `next` can not be read; absent if it can. */
  readonly damage?: WeirError
}

/**
 * The records of one topic, in segment files of all its partitions. Batches are staged by `append` and become readable
 * by `advance`, after their end offsets were committed to the meta store.
 */
export class TopicLog {
  readonly topic: string
  readonly topicId: string
  readonly spec: TopicSpec
  readonly #options: TopicLogOptions
  readonly #meta: MetaStore
  readonly #ends: number[]
  readonly #segments: SegmentEntry[]
  /** Least recently used first. */
  readonly #opened = new Map<number, Segment>()
  #activeBytes: number
  #activeNewestMs: number
  /** True while rows may lie past the ends. */
  #staged = false

  constructor(stored: StoredTopic, meta: MetaStore, options: TopicLogOptions) {
    this.spec = stored.spec
    this.topic = stored.spec.topic
    this.topicId = stored.topicId
    this.#meta = meta
    this.#options = options
    this.#ends = [...stored.ends]
    this.#segments = [...stored.segments]
    mkdirSync(options.directory, { recursive: true })
    this.#removeOrphans()
    const content = this.#recover()
    this.#activeBytes = content.bytes
    this.#activeNewestMs = content.newestMs
  }

  get partitions(): number {
    return this.#ends.length
  }

  end(partition: number): number {
    return this.#ends[partition]!
  }

  earliest(partition: number): number {
    return this.#segments[0]!.starts[partition]!
  }

  offsets(): PartitionOffsets[] {
    return this.#ends.map((end, partition) => ({ partition, earliest: this.earliest(partition), end }))
  }

  /** Writes the batches where no reader sees them yet. A failed or forgotten append is undone by the next one. */
  append(batches: readonly StagedBatch[], nowMs: number): void {
    if (this.#staged) this.#segment(this.#active.segment).truncate(this.#ends)
    if (this.#activeBytes >= this.#segmentBytes) this.#roll(nowMs)
    this.#staged = true
    this.#segment(this.#active.segment).append(batches)
  }

  /** Makes the appended batches readable; their ends are committed. */
  advance(batches: readonly StagedBatch[]): void {
    this.#staged = false
    for (const { partition, baseOffset, batch } of batches) {
      this.#ends[partition] = baseOffset + batch.count
      this.#activeBytes += batch.blob.length
      this.#activeNewestMs = Math.max(this.#activeNewestMs, batch.maxTimestampMs)
    }
  }

  /**
   * Batches from `from` on, whole ones, of at least `maxBytes` together or up to the end.
   *
   * @param from in [earliest, end]
   */
  read(partition: number, from: number, maxBytes: number): LogRead {
    const end = this.end(partition)
    const batches: StoredBatch[] = []
    let next = from
    let bytes = 0
    for (const [index, entry] of this.#segments.entries()) {
      const segmentEnd = this.#segments[index + 1]?.starts[partition] ?? end
      if (segmentEnd <= next) continue
      for (const stored of this.#segment(entry.segment).read(partition, next, segmentEnd)) {
        const damage = batchDamage(stored.blob)
        if (damage !== null)
          return { batches, bytes, next, damage: this.#damaged(partition, stored.baseOffset, damage) }
        batches.push(stored)
        next = stored.baseOffset + stored.count
        bytes += decodedBytes(stored.blob)
        if (bytes >= maxBytes) return { batches, bytes, next }
      }
      // Offsets that a power cut emptied lie at the end of a segment.
      next = segmentEnd
    }
    return { batches, bytes, next }
  }

  /** Drops the oldest segments as the topic's retention says; never the last one that holds records. */
  enforceRetention(nowMs: number): void {
    const { retentionMs, retentionBytes } = this.spec
    if (retentionMs !== undefined && this.#activeBytes > 0) {
      if (nowMs - this.#active.createdMs >= retentionMs / SEGMENTS_PER_RETENTION) this.#roll(nowMs)
    }
    // The partitions share segment files, so the bound per partition is kept as one over all of them.
    const maxBytes = retentionBytes === undefined ? Number.POSITIVE_INFINITY : retentionBytes * this.partitions
    while (this.#segments.length > 1) {
      const oldest = this.#segments[0]!
      const tooOld = retentionMs !== undefined && oldest.newestMs < nowMs - retentionMs
      if (!tooOld && this.#bytes - oldest.bytes < maxBytes) return
      this.#drop(oldest)
    }
  }

  close(): void {
    for (const segment of this.#opened.values()) segment.close()
    this.#opened.clear()
  }

  get #active(): SegmentEntry {
    return this.#segments.at(-1)!
  }

  get #bytes(): number {
    return this.#segments.reduce((sum, entry) => sum + entry.bytes, this.#activeBytes)
  }

  get #segmentBytes(): number {
    const { maxSegmentBytes } = this.#options
    const { retentionBytes } = this.spec
    if (retentionBytes === undefined) return maxSegmentBytes
    const share = (retentionBytes * this.partitions) / SEGMENTS_PER_RETENTION
    return Math.min(maxSegmentBytes, Math.max(MIN_SEGMENT_BYTES, share))
  }

  #roll(nowMs: number): void {
    const sealed = { ...this.#active, bytes: this.#activeBytes, newestMs: this.#activeNewestMs }
    const next = { segment: sealed.segment + 1, createdMs: nowMs, starts: [...this.#ends], bytes: 0, newestMs: 0 }
    this.#segment(sealed.segment).seal()
    this.#meta.rollSegment(this.topic, sealed, next)
    this.#segments[this.#segments.length - 1] = sealed
    this.#segments.push(next)
    this.#activeBytes = 0
    this.#activeNewestMs = 0
    this.enforceRetention(nowMs)
  }

  #drop(entry: SegmentEntry): void {
    this.#meta.removeSegment(this.topic, entry.segment)
    this.#segments.shift()
    this.#opened.get(entry.segment)?.close()
    this.#opened.delete(entry.segment)
    removeSegmentFile(this.#path(entry.segment))
    this.#options.onEvent({ kind: 'segment-dropped', topic: this.topic, segment: entry.segment, bytes: entry.bytes })
  }

  #segment(number: number): Segment {
    const segment = this.#opened.get(number) ?? new Segment(this.#path(number), this.#options.durability)
    this.#opened.delete(number)
    this.#opened.set(number, segment)
    for (const [candidate, open] of this.#opened) {
      if (this.#opened.size <= MAX_OPEN_SEGMENTS) break
      if (candidate === number) continue
      open.close()
      this.#opened.delete(candidate)
    }
    return segment
  }

  #path(segment: number): string {
    return join(this.#options.directory, `${segment}.db`)
  }

  /** A crash between the meta store's removal of a segment and that of its file leaves the file. */
  #removeOrphans(): void {
    const known = new Set(this.#segments.map((entry) => `${entry.segment}.db`))
    for (const name of readdirSync(this.#options.directory)) {
      const file = /^\d+\.db/.exec(name)?.[0]
      if (file !== undefined && !known.has(file)) removeSegmentFile(join(this.#options.directory, file))
    }
  }

  #recover() {
    const active = this.#segment(this.#active.segment)
    active.truncate(this.#ends)
    const content = active.content()
    for (const [partition, end] of this.#ends.entries()) {
      const from = content.ends.get(partition) ?? this.#active.starts[partition]!
      if (from < end) this.#options.onEvent({ kind: 'records-lost', topic: this.topic, partition, from, to: end })
    }
    return content
  }

  #damaged(partition: number, offset: number, damage: string): WeirError {
    return new WeirError(
      'WEIR_STORE_FAILED',
      `The batch at offset ${offset} of partition ${partition} of topic ${this.topic} is corrupt: ${damage}. ` +
        'Restore its segment file from a copy, or seek past it.',
    )
  }
}

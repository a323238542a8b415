import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type TopicSpec, WeirError } from '@weir/core'
import { type Durability, inTransaction, openDatabase } from './database.ts'

const PAGE_BYTES = 4096
/** Of the tables here and in the segments. */
const VERSION = 1

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS topics (
    topic TEXT PRIMARY KEY,
    topic_id TEXT NOT NULL,
    partitions INTEGER NOT NULL,
    retention_ms REAL,
    retention_bytes REAL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS partitions (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS segments (
    topic TEXT NOT NULL,
    segment INTEGER NOT NULL,
    created_ms REAL NOT NULL,
    bytes INTEGER NOT NULL DEFAULT 0,
    newest_ms REAL NOT NULL DEFAULT 0,
    starts TEXT NOT NULL,
    PRIMARY KEY (topic, segment)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS group_offsets (
    group_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_id, topic, partition)
  ) STRICT, WITHOUT ROWID;
`

export interface StoredTopic {
  readonly spec: TopicSpec
  readonly topicId: string
  /** End offset by partition. */
  readonly ends: readonly number[]
  /** Oldest first; the last one is being written. */
  readonly segments: readonly SegmentEntry[]
}

export interface SegmentEntry {
  readonly segment: number
  readonly createdMs: number
  /** First offset by partition. */
  readonly starts: readonly number[]
  /** Of blobs, and newest broker timestamp; both known once the segment is sealed. */
  readonly bytes: number
  readonly newestMs: number
}

export interface EndOffset {
  readonly topic: string
  readonly partition: number
  readonly end: number
}

export interface GroupOffset {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** What exists: topics, segments, and the offsets whose commit makes records and progress visible. */
export class MetaStore {
  readonly #database: DatabaseSync
  readonly #setEnd: StatementSync
  readonly #setGroupOffset: StatementSync
  readonly #groupOffsets: StatementSync

  constructor(path: string, durability: Durability) {
    this.#database = openDatabase(path, durability, PAGE_BYTES)
    this.#requireVersion(path)
    this.#database.exec(SCHEMA)
    this.#setEnd = this.#database.prepare('UPDATE partitions SET end_offset = ? WHERE topic = ? AND partition = ?')
    this.#setGroupOffset = this.#database.prepare('INSERT OR REPLACE INTO group_offsets VALUES (?, ?, ?, ?)')
    this.#groupOffsets = this.#database.prepare(
      'SELECT partition, next_offset AS offset FROM group_offsets WHERE group_id = ? AND topic = ?',
    )
  }

  topics(): StoredTopic[] {
    const rows = this.#database
      .prepare(`
        SELECT topic, topic_id AS topicId, partitions, retention_ms AS retentionMs, retention_bytes AS retentionBytes
        FROM topics`)
      .all() as {
      topic: string
      topicId: string
      partitions: number
      retentionMs: number | null
      retentionBytes: number | null
    }[]
    return rows.map(({ topic, topicId, partitions, retentionMs, retentionBytes }) => ({
      spec: {
        topic,
        partitions,
        ...(retentionMs !== null && { retentionMs }),
        ...(retentionBytes !== null && { retentionBytes }),
      },
      topicId,
      ends: this.#ends(topic),
      segments: this.#segments(topic),
    }))
  }

  createTopic(spec: TopicSpec, topicId: string, createdMs: number): StoredTopic {
    const ends = new Array<number>(spec.partitions).fill(0)
    const first: SegmentEntry = { segment: 0, createdMs, starts: ends, bytes: 0, newestMs: 0 }
    inTransaction(this.#database, () => {
      this.#database
        .prepare('INSERT INTO topics VALUES (?, ?, ?, ?, ?)')
        .run(spec.topic, topicId, spec.partitions, spec.retentionMs ?? null, spec.retentionBytes ?? null)
      const insert = this.#database.prepare('INSERT INTO partitions VALUES (?, ?, 0)')
      for (let partition = 0; partition < spec.partitions; partition++) insert.run(spec.topic, partition)
      this.#addSegment(spec.topic, first)
    })
    return { spec, topicId, ends, segments: [first] }
  }

  /** Notes what the sealed segment holds, and that `next` is written from now on. */
  rollSegment(topic: string, sealed: SegmentEntry, next: SegmentEntry): void {
    inTransaction(this.#database, () => {
      this.#database
        .prepare('UPDATE segments SET bytes = ?, newest_ms = ? WHERE topic = ? AND segment = ?')
        .run(sealed.bytes, sealed.newestMs, topic, sealed.segment)
      this.#addSegment(topic, next)
    })
  }

  removeSegment(topic: string, segment: number): void {
    this.#database.prepare('DELETE FROM segments WHERE topic = ? AND segment = ?').run(topic, segment)
  }

  /** The atomic commit point: all of these ends and offsets are recorded together, or none. */
  commit(ends: readonly EndOffset[], offsets: readonly GroupOffset[]): void {
    inTransaction(this.#database, () => {
      for (const { topic, partition, end } of ends) this.#setEnd.run(end, topic, partition)
      for (const { groupId, topic, partition, offset } of offsets) {
        this.#setGroupOffset.run(groupId, topic, partition, offset)
      }
    })
  }

  groupOffsets(groupId: string, topic: string): Map<number, number> {
    const rows = this.#groupOffsets.all(groupId, topic) as { partition: number; offset: number }[]
    return new Map(rows.map((row) => [row.partition, row.offset]))
  }

  close(): void {
    this.#database.close()
  }

  #requireVersion(path: string): void {
    const { user_version: version } = this.#database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version === 0) this.#database.exec(`PRAGMA user_version = ${VERSION}`)
    if (version === 0 || version === VERSION) return
    this.#database.close()
    throw new WeirError(
      'WEIR_DATA_DIR_UNUSABLE',
      `${path} has layout ${version}, and this Weir knows ${VERSION}: start the Weir that wrote it, or use another directory.`,
    )
  }

  #ends(topic: string): number[] {
    const rows = this.#database
      .prepare('SELECT end_offset AS end FROM partitions WHERE topic = ? ORDER BY partition')
      .all(topic) as { end: number }[]
    return rows.map((row) => row.end)
  }

  #segments(topic: string): SegmentEntry[] {
    const rows = this.#database
      .prepare(`
        SELECT segment, created_ms AS createdMs, bytes, newest_ms AS newestMs, starts FROM segments
        WHERE topic = ? ORDER BY segment`)
      .all(topic) as { segment: number; createdMs: number; bytes: number; newestMs: number; starts: string }[]
    return rows.map((row) => ({ ...row, starts: JSON.parse(row.starts) as number[] }))
  }

  #addSegment(topic: string, entry: SegmentEntry): void {
    this.#database
      .prepare('INSERT INTO segments (topic, segment, created_ms, starts) VALUES (?, ?, ?, ?)')
      .run(topic, entry.segment, entry.createdMs, JSON.stringify(entry.starts))
  }
}

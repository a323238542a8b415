import { rmSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EncodedBatch } from './batch-codec.ts'
import { type Durability, inTransaction, openDatabase } from './database.ts'

/** Fewer overflow pages for blobs of tens of kilobytes than SQLite's 4096. */
const PAGE_BYTES = 16_384

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS batches (
    id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    base_offset INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    max_timestamp_ms REAL NOT NULL,
    blob BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS batches_by_offset ON batches (partition, base_offset);
`

export interface StagedBatch {
  readonly partition: number
  readonly baseOffset: number
  readonly batch: EncodedBatch
}

export interface StoredBatch {
  readonly baseOffset: number
  readonly count: number
  readonly blob: Uint8Array
}

interface SegmentContent {
  readonly bytes: number
  readonly newestMs: number
  /** One past the last record, for each partition that has any. */
  readonly ends: ReadonlyMap<number, number>
}

/** One database file with a stretch of every partition of a topic; a row is a record batch. */
export class Segment {
  readonly path: string
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #select: StatementSync

  constructor(path: string, durability: Durability) {
    this.path = path
    this.#database = openDatabase(path, durability, PAGE_BYTES)
    this.#database.exec(SCHEMA)
    this.#insert = this.#database.prepare(
      'INSERT INTO batches (partition, base_offset, record_count, max_timestamp_ms, blob) VALUES (?, ?, ?, ?, ?)',
    )
    this.#select = this.#database.prepare(`
      SELECT base_offset AS baseOffset, record_count AS count, blob FROM batches
      WHERE partition = $partition AND base_offset < $end AND base_offset >= coalesce(
        (SELECT max(base_offset) FROM batches WHERE partition = $partition AND base_offset <= $from), 0)
      ORDER BY base_offset`)
  }

  append(batches: readonly StagedBatch[]): void {
    inTransaction(this.#database, () => {
      for (const { partition, baseOffset, batch } of batches) {
        this.#insert.run(partition, baseOffset, batch.count, batch.maxTimestampMs, batch.blob)
      }
    })
  }

  /** Batches that hold offsets in `[from, end)`, in order; the first may begin before `from`. */
  *read(partition: number, from: number, end: number): Generator<StoredBatch> {
    for (const row of this.#select.iterate({ partition, from, end })) {
      const stored = row as unknown as StoredBatch
      if (stored.baseOffset + stored.count > from) yield stored
    }
  }

  /** Drops what lies at or past the ends: batches whose commit a crash or a failure cut off. */
  truncate(ends: readonly number[]): void {
    const remove = this.#database.prepare('DELETE FROM batches WHERE partition = ? AND base_offset >= ?')
    inTransaction(this.#database, () => {
      for (const [partition, end] of ends.entries()) remove.run(partition, end)
    })
  }

  content(): SegmentContent {
    const rows = this.#database
      .prepare(`
        SELECT partition, max(base_offset + record_count) AS end, sum(length(blob)) AS bytes,
          max(max_timestamp_ms) AS newestMs
        FROM batches GROUP BY partition`)
      .all() as { partition: number; end: number; bytes: number; newestMs: number }[]
    return {
      bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
      newestMs: rows.reduce((newest, row) => Math.max(newest, row.newestMs), 0),
      ends: new Map(rows.map((row) => [row.partition, row.end])),
    }
  }

  /** Folds the write-ahead log in, so that a segment no longer written is one plain file. */
  seal(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  close(): void {
    this.#database.close()
  }
}

export function removeSegmentFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true })
}

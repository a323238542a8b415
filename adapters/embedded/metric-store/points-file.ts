import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { inTransaction, layoutOf, openDatabase } from '../sqlite/open-database.ts'

const CACHE_BYTES = 8 * 2 ** 20
const WAL_BYTES = 8 * 2 ** 20

const SCHEMA = `
  CREATE TABLE points (
    key INTEGER PRIMARY KEY,
    count REAL NOT NULL, sum REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, sketch BLOB,
    revision INTEGER NOT NULL, closed INTEGER NOT NULL, source INTEGER NOT NULL, position INTEGER NOT NULL
  );
  CREATE INDEX open_points ON points(source) WHERE closed = 0`

/** A row as it is stored; `key` is of point-key.ts, `source` a number of the series dictionary. */
export type PointRow = [
  key: number,
  count: number,
  sum: number,
  min: number,
  max: number,
  sketch: Uint8Array | null,
  revision: number,
  closed: number,
  source: number,
  position: number,
]

/** What a query needs of a row. */
export type FoldRow = [key: number, count: number, sum: number, min: number, max: number, sketch?: Uint8Array | null]

/** Row numbers `from..to`, both inclusive. */
export type KeyRange = readonly [from: number, to: number]

/** The windows of one resolution and period. */
export class PointsFile {
  readonly #db: DatabaseSync
  readonly #write: StatementSync
  readonly #read: StatementSync

  private constructor(db: DatabaseSync) {
    this.#db = db
    this.#write = db.prepare('INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#read = db.prepare('SELECT * FROM points WHERE key = ?')
    this.#read.setReturnArrays(true)
  }

  /** @returns undefined if a reader finds a file whose tables are not made yet */
  static open(file: string, readOnly: boolean, syncEachCommit: boolean): PointsFile | undefined {
    const db = openDatabase({
      file,
      readOnly,
      version: 1,
      schema: SCHEMA,
      cacheBytes: CACHE_BYTES,
      walBytes: WAL_BYTES,
      syncEachCommit,
    })
    if (readOnly && layoutOf(db) === 0) {
      db.close()
      return undefined
    }
    return new PointsFile(db)
  }

  /** Writes the rows over those with the same key, in one transaction. */
  upsert(rows: readonly PointRow[]): void {
    inTransaction(this.#db, () => {
      for (const row of rows) this.#write.run(...row)
    })
  }

  load(key: number): PointRow | undefined {
    return this.#read.get(key) as PointRow | undefined
  }

  loadOpen(source: number): PointRow[] {
    const read = this.#db.prepare('SELECT * FROM points WHERE source = ? AND closed = 0')
    read.setReturnArrays(true)
    return read.all(source) as unknown as PointRow[]
  }

  readRanges(ranges: readonly KeyRange[], withSketches: boolean): FoldRow[] {
    const read = this.#db.prepare(
      `SELECT p.key, p.count, p.sum, p.min, p.max ${withSketches ? ', hex(p.sketch)' : ''}
       FROM json_each(?) AS range
       CROSS JOIN points AS p
       WHERE p.key BETWEEN range.value ->> 0 AND range.value ->> 1`,
    )
    read.setReturnArrays(true)
    const rows = read.all(JSON.stringify(ranges))
    return withSketches ? withDecodedSketches(rows as unknown as HexRow[]) : (rows as unknown as FoldRow[])
  }

  close(): void {
    this.#db.close()
  }
}

type HexRow = [key: number, count: number, sum: number, min: number, max: number, sketch: string]

// A blob of its own per row costs an ArrayBuffer each, ten times what the rest of the row does; text does not.
function withDecodedSketches(rows: readonly HexRow[]): FoldRow[] {
  const bytes = Buffer.from(rows.map((row) => row[5]).join(''), 'hex')
  let at = 0
  return rows.map(([key, count, sum, min, max, hex]) => {
    const sketch = hex === '' ? null : bytes.subarray(at, at + hex.length / 2)
    at += hex.length / 2
    return [key, count, sum, min, max, sketch]
  })
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { encodeLogRecord, type LogEntry, type LogSource } from '@weir/core'
import { inTransaction, layoutOf, openDatabase } from '../sqlite/open-database.ts'
import { indexText } from './index-text.ts'
import { firstRowOf, MAX_PER_MS, timeOfRow } from './log-id.ts'
import type { Match } from './match-expression.ts'

const PAGE_BYTES = 8_192
const WRITER_CACHE_BYTES = 16 * 2 ** 20
const READER_CACHE_BYTES = 4 * 2 ** 20
const WAL_BYTES = 16 * 2 ** 20
const MAX_KNOWN_SERVICES = 10_000

// A posting list without positions (detail=column) is the smallest that still merges prefixes quickly; the text itself is
// not kept a second time (content=''). Segments are merged eight at a time, a little of it at each commit (automerge): merged
// sixteen at once instead (automerge 0, crisismerge 16), a commit in a million rows takes a second, for 3 to 8 % more rows a second.
const SCHEMA = `
  CREATE TABLE logs (row INTEGER PRIMARY KEY, doc BLOB NOT NULL);
  CREATE VIRTUAL TABLE words USING fts5(
    text, content='', detail=column, columnsize=0,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
  );
  INSERT INTO words(words, rank) VALUES ('automerge', 8), ('crisismerge', 16), ('pgsz', 8100);
  CREATE TABLE services (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE progress (
    topic_id TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
    PRIMARY KEY (topic_id, partition)
  ) WITHOUT ROWID;
  CREATE TABLE stored (records INTEGER NOT NULL);
  INSERT INTO stored VALUES (0)`

export type LogRow = [row: bigint, doc: Uint8Array]

/** The log records of one period: their JSON by row number, and the index of their words. */
export class LogFile {
  readonly #db: DatabaseSync
  readonly #serviceNos = new Map<string, number>()
  readonly #insertLog: StatementSync
  readonly #insertWords: StatementSync
  readonly #lastRowBetween: StatementSync

  private constructor(db: DatabaseSync) {
    this.#db = db
    this.#insertLog = db.prepare('INSERT INTO logs VALUES (?, ?)')
    this.#insertWords = db.prepare('INSERT INTO words(rowid, text) VALUES (?, ?)')
    this.#lastRowBetween = db.prepare('SELECT max(row) AS row FROM logs WHERE row >= ? AND row < ?')
    this.#lastRowBetween.setReadBigInts(true)
  }

  /** @returns undefined if a reader finds a file whose tables are not made yet */
  static open(file: string, readOnly: boolean, syncEachCommit: boolean): LogFile | undefined {
    const db = openDatabase({
      file,
      readOnly,
      version: 1,
      schema: SCHEMA,
      pageBytes: PAGE_BYTES,
      cacheBytes: readOnly ? READER_CACHE_BYTES : WRITER_CACHE_BYTES,
      walBytes: WAL_BYTES,
      syncEachCommit,
    })
    if (readOnly && layoutOf(db) === 0) {
      db.close()
      return undefined
    }
    return new LogFile(db)
  }

  /** Stores the entries that lie beyond the partition's progress, and advances it, in one transaction. */
  append(source: LogSource, entries: readonly LogEntry[]): void {
    try {
      inTransaction(this.#db, () => this.#append(source, entries))
    } catch (error) {
      // Numbers given in the transaction are void with it.
      this.#serviceNos.clear()
      throw error
    }
  }

  #append(source: LogSource, entries: readonly LogEntry[]): void {
    const next = this.#nextOffset(source)
    // By rising row, or FTS5 writes a segment at each step back.
    const fresh = entries.filter((entry) => entry.offset >= next).sort((a, b) => a.record.timeMs - b.record.timeMs)
    if (fresh.length === 0) return
    const newest = this.#rowRange()?.last ?? -1n
    let row = -1n
    let end = -1n
    let timeMs = -1
    for (const { record, json } of fresh) {
      if (record.timeMs !== timeMs || row === end) {
        timeMs = record.timeMs
        row = this.#freeRow(firstRowOf(timeMs), row > newest ? row - 1n : newest)
        end = firstRowOf(timeOfRow(row) + 1)
      }
      this.#insertLog.run(row, json ?? encodeLogRecord(record))
      this.#insertWords.run(row, indexText(record, this.#serviceNo(record.service)))
      row++
    }
    this.#db.prepare('UPDATE stored SET records = records + ?').run(fresh.length)
    this.#db
      .prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?)')
      .run(source.topicId, source.partition, entries[entries.length - 1]!.offset + 1)
  }

  /** Lowest free row of the time, or of a later one where a million records share it. */
  #freeRow(first: bigint, newest: bigint): bigint {
    for (let from = first; ; from += BigInt(MAX_PER_MS)) {
      if (from > newest) return from
      const end = from + BigInt(MAX_PER_MS)
      const { row } = this.#lastRowBetween.get(from, end) as { row: bigint | null }
      if (row === null) return from
      if (row + 1n < end) return row + 1n
    }
  }

  #nextOffset(source: LogSource): number {
    const row = this.#db
      .prepare('SELECT next_offset FROM progress WHERE topic_id = ? AND partition = ?')
      .get(source.topicId, source.partition)
    return row === undefined ? 0 : Number(row.next_offset)
  }

  #serviceNo(name: string): number {
    const known = this.serviceNo(name)
    if (known !== undefined) return known
    const no = Number(this.#db.prepare('INSERT INTO services(name) VALUES (?)').run(name).lastInsertRowid)
    this.#serviceNos.set(name, no)
    return no
  }

  /** The service's number in this file; undefined if no record is of it. */
  serviceNo(name: string): number | undefined {
    const known = this.#serviceNos.get(name)
    if (known !== undefined) return known
    const row = this.#db.prepare('SELECT no FROM services WHERE name = ?').get(name)
    if (row === undefined) return undefined
    if (this.#serviceNos.size >= MAX_KNOWN_SERVICES) this.#serviceNos.clear()
    this.#serviceNos.set(name, Number(row.no))
    return Number(row.no)
  }

  /** In no order; at most `limit`. */
  serviceNames(limit: number): string[] {
    return this.#db
      .prepare('SELECT name FROM services LIMIT ?')
      .all(limit)
      .map((row) => String(row.name))
  }

  count(): number {
    return Number(this.#db.prepare('SELECT records FROM stored').get()!.records)
  }

  rowRange(): { readonly first: bigint; readonly last: bigint } | undefined {
    return this.#rowRange()
  }

  #rowRange(): { first: bigint; last: bigint } | undefined {
    const read = this.#db.prepare('SELECT (SELECT min(row) FROM logs) AS first, (SELECT max(row) FROM logs) AS last')
    read.setReadBigInts(true)
    const { first, last } = read.get() as { first: bigint | null; last: bigint | null }
    return first === null || last === null ? undefined : { first, last }
  }

  /**
   * The rows of `[from, to)` that the index finds, newest first, read as they are asked for.
   *
   * @param to exclusive
   */
  newestFirst(match: Match, from: bigint, to: bigint): IterableIterator<LogRow> {
    if (match.kind === 'none') return [][Symbol.iterator]()
    const read =
      match.kind === 'all'
        ? this.#db.prepare('SELECT row, doc FROM logs WHERE row >= ? AND row < ? ORDER BY row DESC')
        : this.#db.prepare(
            `SELECT logs.row, logs.doc FROM words CROSS JOIN logs ON logs.row = words.rowid
             WHERE words.rowid >= ? AND words.rowid < ? AND words MATCH ? ORDER BY words.rowid DESC`,
          )
    read.setReadBigInts(true)
    read.setReturnArrays(true)
    const rows = match.kind === 'all' ? read.iterate(from, to) : read.iterate(from, to, match.text)
    return rows as unknown as IterableIterator<LogRow>
  }

  get(row: bigint): Uint8Array | undefined {
    return this.#db.prepare('SELECT doc FROM logs WHERE row = ?').get(row)?.doc as Uint8Array | undefined
  }

  close(): void {
    this.#db.close()
  }
}

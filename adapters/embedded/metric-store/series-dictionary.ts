import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type DeltaPartition, type Labels, type Series, seriesId } from '@weir/core'
import { inTransaction, layoutOf, openDatabase } from '../sqlite/open-database.ts'

export const SERIES_FILE = 'series.db'

const SCHEMA = `
  CREATE TABLE series (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, metric TEXT NOT NULL, labels TEXT NOT NULL);
  CREATE TABLE sources (no INTEGER PRIMARY KEY, topic_id TEXT NOT NULL, partition INTEGER NOT NULL,
    UNIQUE (topic_id, partition))`

export interface KnownSeries extends Series {
  readonly no: number
}

/**
 * Numbers for series and for partitions of `metric-deltas`: files of points hold numbers only. Nothing is ever removed or
 * renumbered, and each commit is synced, so that no number in a file can be given again after a loss of power.
 */
export class SeriesDictionary {
  readonly file: string
  readonly #db: DatabaseSync
  readonly #byId = new Map<string, KnownSeries>()
  readonly #byNo = new Map<number, KnownSeries>()
  readonly #byMetric = new Map<string, KnownSeries[]>()
  /** Numbers by the object itself: a caller that keeps its series objects spares their text. */
  readonly #noByObject = new WeakMap<Series, number>()
  readonly #sourceNos = new Map<string, number>()
  readonly #sources = new Map<number, DeltaPartition>()
  #readUpTo = 0

  private constructor(file: string, db: DatabaseSync) {
    this.file = file
    this.#db = db
    this.refresh()
  }

  /** @returns undefined if a reader finds no dictionary yet */
  static open(dir: string, readOnly: boolean): SeriesDictionary | undefined {
    const file = join(dir, SERIES_FILE)
    const db = openDatabase({ file, readOnly, version: 1, schema: SCHEMA, syncEachCommit: true })
    if (readOnly && layoutOf(db) === 0) {
      db.close()
      return undefined
    }
    return new SeriesDictionary(file, db)
  }

  /** Takes in what the writer has added since. */
  refresh(): void {
    const rows = this.#db.prepare('SELECT no, metric, labels FROM series WHERE no > ? ORDER BY no').all(this.#readUpTo)
    for (const row of rows) {
      this.#know({ no: Number(row.no), metric: String(row.metric), labels: JSON.parse(String(row.labels)) as Labels })
    }
  }

  metrics(): ReadonlyMap<string, readonly KnownSeries[]> {
    return this.#byMetric
  }

  ofMetric(metric: string): readonly KnownSeries[] {
    return this.#byMetric.get(metric) ?? []
  }

  byNo(no: number): KnownSeries | undefined {
    return this.#byNo.get(no)
  }

  /** @returns undefined if the series has never been written */
  numberOf(series: Series): number | undefined {
    const known = this.#noByObject.get(series) ?? this.#byId.get(seriesId(series))?.no
    if (known !== undefined) this.#noByObject.set(series, known)
    return known
  }

  /** Gives numbers to those series that have none. */
  add(many: Iterable<Series>): void {
    const missing = new Map<string, Series>()
    for (const series of many) if (this.numberOf(series) === undefined) missing.set(seriesId(series), series)
    if (missing.size === 0) return
    const insert = this.#db.prepare('INSERT INTO series VALUES (?, ?, ?, ?)')
    let no = this.#readUpTo
    inTransaction(this.#db, () => {
      for (const [id, { metric, labels }] of missing) insert.run(++no, id, metric, JSON.stringify(labels))
    })
    this.refresh()
  }

  source(no: number): DeltaPartition | undefined {
    const known = this.#sources.get(no)
    if (known !== undefined) return known
    const row = this.#db.prepare('SELECT topic_id, partition FROM sources WHERE no = ?').get(no)
    if (row === undefined) return undefined
    const source = { topicId: String(row.topic_id), partition: Number(row.partition) }
    this.#sources.set(no, source)
    return source
  }

  /** @returns undefined if nothing was ever written from the partition */
  sourceNo({ topicId, partition }: DeltaPartition): number | undefined {
    const key = `${partition} ${topicId}`
    const known = this.#sourceNos.get(key)
    if (known !== undefined) return known
    const row = this.#db.prepare('SELECT no FROM sources WHERE topic_id = ? AND partition = ?').get(topicId, partition)
    if (row === undefined) return undefined
    this.#sourceNos.set(key, Number(row.no))
    return Number(row.no)
  }

  addSource(source: DeltaPartition): number {
    const known = this.sourceNo(source)
    if (known !== undefined) return known
    this.#db.prepare('INSERT INTO sources(topic_id, partition) VALUES (?, ?)').run(source.topicId, source.partition)
    return this.sourceNo(source)!
  }

  close(): void {
    this.#db.close()
  }

  #know(series: KnownSeries): void {
    this.#byId.set(seriesId(series), series)
    this.#byNo.set(series.no, series)
    const ofMetric = this.#byMetric.get(series.metric)
    if (ofMetric === undefined) this.#byMetric.set(series.metric, [series])
    else ofMetric.push(series)
    this.#readUpTo = series.no
  }
}

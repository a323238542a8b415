import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Anomaly, type AnomalyQuery, type AnomalyStore, WeirError } from '@weir/core'
import { inTransaction, openDatabase } from '../sqlite/open-database.ts'
import { prepareStoreDirectory } from '../sqlite/store-directory.ts'
import { storeError } from '../sqlite/store-error.ts'

const DAY_MS = 86_400_000
const DEFAULT_RETENTION_MS = 180 * DAY_MS
const MAX_LIMIT = 1_000

const SCHEMA = `
  CREATE TABLE anomalies (id TEXT PRIMARY KEY, start_ms INTEGER NOT NULL, metric TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX by_start ON anomalies(start_ms);
  CREATE INDEX by_metric ON anomalies(metric, start_ms)`

export interface AnomalyStoreOptions {
  readonly dir: string
  /** Anomalies of windows older than this are dropped; default 180 days. */
  readonly retentionMs?: number
  /** What is stored outlives a loss of power too, as it must where the offsets committed after it do; default false. */
  readonly syncEachCommit?: boolean
}

/**
 * Opens the anomaly store of a directory: one SQLite file, `anomalies.db`. Several instances, in other threads too, may
 * read and write it.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE, WEIR_STORE_CORRUPT
 */
export async function openAnomalyStore(options: AnomalyStoreOptions): Promise<AnomalyStore> {
  prepareStoreDirectory(options.dir, false)
  return new EmbeddedAnomalyStore(options)
}

class EmbeddedAnomalyStore implements AnomalyStore {
  readonly #file: string
  readonly #retentionMs: number
  readonly #db: DatabaseSync

  constructor(options: AnomalyStoreOptions) {
    this.#file = join(options.dir, 'anomalies.db')
    this.#retentionMs = options.retentionMs ?? DEFAULT_RETENTION_MS
    this.#db = openDatabase({
      file: this.#file,
      readOnly: false,
      version: 1,
      schema: SCHEMA,
      syncEachCommit: options.syncEachCommit ?? false,
    })
  }

  async put(anomalies: readonly Anomaly[]): Promise<void> {
    this.#use((db) => {
      const write = db.prepare('INSERT OR REPLACE INTO anomalies VALUES (?, ?, ?, ?)')
      inTransaction(db, () => {
        for (const anomaly of anomalies) {
          write.run(anomaly.id, anomaly.startMs, anomaly.metric, JSON.stringify(anomaly))
        }
      })
    })
  }

  async query(query: AnomalyQuery): Promise<Anomaly[]> {
    if (!(query.limit >= 1 && query.limit <= MAX_LIMIT)) {
      throw new WeirError('WEIR_QUERY_INVALID', `The limit of ${query.limit} is not in 1 to 1,000.`)
    }
    return this.#use((db) => {
      const ofMetric = query.metric === undefined ? '' : 'AND metric = ?'
      const labels = Object.entries(query.labels ?? {})
      const ofLabel = `AND EXISTS (SELECT 1 FROM json_each(doc, '$.labels') AS l WHERE l.key = ? AND l.value = ?)`
      const rows = db
        .prepare(
          `SELECT doc FROM anomalies WHERE start_ms >= ? AND start_ms < ? ${ofMetric} ${labels.map(() => ofLabel).join(' ')}
           ORDER BY start_ms DESC, id LIMIT ?`,
        )
        .all(
          query.fromMs,
          query.toMs,
          ...(query.metric === undefined ? [] : [query.metric]),
          ...labels.flat(),
          query.limit,
        )
      return rows.map((row) => JSON.parse(String(row.doc)) as Anomaly)
    })
  }

  async applyRetention(nowMs: number): Promise<void> {
    this.#use((db) => db.prepare('DELETE FROM anomalies WHERE start_ms < ?').run(nowMs - this.#retentionMs))
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }

  #use<T>(call: (db: DatabaseSync) => T): T {
    if (!this.#db.isOpen) throw new WeirError('WEIR_CLOSED', 'The anomaly store was closed; open it again.')
    try {
      return call(this.#db)
    } catch (error) {
      throw storeError(this.#file, error)
    }
  }
}

import { DatabaseSync } from 'node:sqlite'
import { WeirError } from '@weir/core'
import { storeError } from './store-error.ts'

/** How long a call waits for another connection's lock. */
const BUSY_TIMEOUT_MS = 5_000

export interface DatabaseOptions {
  readonly file: string
  readonly readOnly: boolean
  /** Number of the layout that `schema` makes, ≥ 1. */
  readonly version: number
  /** Statements that make the tables of a new file. */
  readonly schema: string
  /** A power of two, 512..65,536. */
  readonly pageBytes?: number
  readonly cacheBytes?: number
  /** The write-ahead log is copied into the file when it is longer than this. */
  readonly walBytes?: number
  /** Also after a loss of power nothing committed is lost; else only after a crash of the process. */
  readonly syncEachCommit?: boolean
}

/**
 * Opens a store's file in WAL mode, so that other connections read while one writes, and makes its tables if it is new.
 * A commit survives a kill -9 of the process.
 *
 * @throws WEIR_STORE_CORRUPT if the file is damaged or has a layout that this version does not know
 * @throws WEIR_DATA_DIR_UNUSABLE if it can not be opened
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const pageBytes = options.pageBytes ?? 4_096
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(options.file, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT_MS })
    db.exec(`PRAGMA cache_size = -${Math.ceil((options.cacheBytes ?? 2 ** 21) / 1024)}`)
    if (!options.readOnly) {
      const walPages = Math.ceil((options.walBytes ?? 2 ** 22) / pageBytes)
      db.exec(`
        PRAGMA page_size = ${pageBytes};
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = ${options.syncEachCommit === true ? 'FULL' : 'NORMAL'};
        PRAGMA wal_autocheckpoint = ${walPages};
        PRAGMA journal_size_limit = ${2 * walPages * pageBytes};`)
    }
    if (layoutOf(db) === 0 && !options.readOnly) {
      inTransaction(db, (open) => {
        if (layoutOf(open) === 0) open.exec(`${options.schema}; PRAGMA user_version = ${options.version}`)
      })
    }
    const found = layoutOf(db)
    // A reader may come between the file's creation and its first commit; it then sees a file without layout.
    if (found !== options.version && !(options.readOnly && found === 0)) {
      throw new WeirError(
        'WEIR_STORE_CORRUPT',
        `${options.file} has layout ${found}, this version of Weir knows ${options.version}; use the version that wrote it, or move the file away.`,
      )
    }
    return db
  } catch (error) {
    db?.close()
    throw storeError(options.file, error)
  }
}

/** Number of the file's layout; 0 if its tables are not made yet. */
export function layoutOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version)
}

/** Runs the writes as one transaction: all of them, or none where one throws. */
export function inTransaction<T>(db: DatabaseSync, write: (db: DatabaseSync) => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = write(db)
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

import { DatabaseSync } from 'node:sqlite'
import { WeirError } from '@weir/core'

/**
 * What an acknowledged write outlives: the kill of the process, or a power cut too (an fsync per commit).
 */
export type Durability = 'process' | 'power'

const SYNCHRONOUS: Record<Durability, string> = { process: 'NORMAL', power: 'FULL' }

/**
 * A database that only this connection uses: exclusive locking keeps the WAL index in memory and spares file locks.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE
 */
export function openDatabase(path: string, durability: Durability, pageBytes: number): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    database.exec(`
      PRAGMA page_size = ${pageBytes};
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${SYNCHRONOUS[durability]};
    `)
    return database
  } catch (cause) {
    database?.close()
    throw new WeirError(
      'WEIR_DATA_DIR_UNUSABLE',
      `The database ${path} can not be opened (${reasonOf(cause)}): check that the file is Weir's and that it can be written.`,
      { cause },
    )
  }
}

/** Runs `work` in one transaction: all of its writes are kept, or none if it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite rolls back by itself on some errors, a full disk for one; a second ROLLBACK would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

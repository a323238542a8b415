import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { WeirError } from '@weir/core'
import { reasonOf } from './database.ts'

const SQLITE_BUSY = 5

export interface DirectoryLock {
  release(): void
}

/**
 * Makes the directory if need be and takes it for this broker alone. The lock is SQLite's own on a database file, which
 * the operating system lifts when the process ends, however it ends.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE
 */
export function lockDirectory(directory: string): DirectoryLock {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(directory, { recursive: true })
    database = new DatabaseSync(join(directory, 'lock.db'))
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database?.close()
    throw new WeirError('WEIR_DATA_DIR_UNUSABLE', sentence(directory, cause), { cause })
  }
  const held = database
  return { release: () => held.close() }
}

function sentence(directory: string, cause: unknown): string {
  const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY
  return busy
    ? `Another Weir uses the data directory ${directory}: stop it, or give this one a directory of its own.`
    : `The data directory ${directory} can not be used (${reasonOf(cause)}): check its path and that it can be written.`
}

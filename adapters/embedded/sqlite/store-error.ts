import { WeirError } from '@weir/core'

const SQLITE_READONLY = 8
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

/** What a failed call on a store's file means to the caller; a WeirError passes unchanged. */
export function storeError(file: string, error: unknown): unknown {
  if (error instanceof WeirError || !isSqliteError(error)) return error
  // The low byte is the primary code, the rest its details.
  switch (error.errcode & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new WeirError(
        'WEIR_STORE_CORRUPT',
        `${file} is damaged or not a database of Weir (${error.message}); restore it from a backup, or move it away to start it anew.`,
        { cause: error },
      )
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return new WeirError(
        'WEIR_DATA_DIR_UNUSABLE',
        `${file} can not be opened for this use (${error.message}); check the permissions of the file and its directory.`,
        { cause: error },
      )
    case SQLITE_FULL:
      return new WeirError('WEIR_STORE_FAILED', `${file} can not grow: the disk is full; free some space.`, {
        cause: error,
      })
    default:
      return new WeirError('WEIR_STORE_FAILED', `${file}: ${error.message}; the call may be tried again.`, {
        cause: error,
      })
  }
}

interface SqliteError extends Error {
  readonly errcode: number
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}

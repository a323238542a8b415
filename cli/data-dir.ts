import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { WeirError } from '@weir/core'

/** Folders of the embedded adapters inside the data directory. */
export function foldersOf(dataDir: string) {
  return {
    broker: join(dataDir, 'broker'),
    metrics: join(dataDir, 'metrics'),
    logs: join(dataDir, 'logs'),
    anomalies: join(dataDir, 'anomalies'),
    documents: join(dataDir, 'documents'),
  }
}

/**
 * Makes the data directory if it is not there.
 *
 * @returns its absolute path
 * @throws WEIR_DATA_DIR_UNUSABLE
 */
export function prepareDataDir(dataDir: string): string {
  const path = resolve(dataDir)
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new WeirError(
      'WEIR_DATA_DIR_UNUSABLE',
      `The data directory ${path} can not be written (${(cause as NodeJS.ErrnoException).code}); give Weir the right to write there, or name another folder by WEIR_DATA_DIR.`,
      { cause },
    )
  }
  return path
}

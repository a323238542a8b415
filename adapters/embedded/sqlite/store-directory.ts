import { accessSync, constants, mkdirSync } from 'node:fs'
import { WeirError } from '@weir/core'

/**
 * Makes sure that the directory of a store is there and can be used.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE
 */
export function prepareStoreDirectory(dir: string, readOnly: boolean): void {
  try {
    if (!readOnly) mkdirSync(dir, { recursive: true })
    accessSync(dir, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK)
  } catch (error) {
    const use = readOnly ? 'read' : 'written'
    throw new WeirError(
      'WEIR_DATA_DIR_UNUSABLE',
      `The directory ${dir} can not be ${use} (${(error as Error).message}); create it, change its owner, or choose another data directory.`,
      { cause: error },
    )
  }
}

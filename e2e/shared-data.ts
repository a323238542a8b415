import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Path of a file of real logs, which the repository does not hold; skips the test, saying so, where it is absent. */
export function sharedFile(context: TestContext, path: string): string {
  const file = join(process.env.WEIR_SHARED_DIR ?? join(root, '..', 'shared'), path)
  if (!existsSync(file)) context.skip(`${path} is not here; name the folder that holds it by WEIR_SHARED_DIR`)
  return file
}

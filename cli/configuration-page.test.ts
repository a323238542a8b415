import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { configurationPage } from './configuration-page.ts'

it('docs/reference/configuration.md says what the schema says (write it anew by: node scripts/write-docs.ts)', () => {
  const page = readFileSync(new URL('../docs/reference/configuration.md', import.meta.url), 'utf8')
  expect(page).toBe(configurationPage())
})

// Writes the reference pages that are made from code: node scripts/write-docs.ts
import { writeFileSync } from 'node:fs'
import { configurationPage } from '../cli/configuration-page.ts'

writeFileSync(new URL('../docs/reference/configuration.md', import.meta.url), configurationPage())

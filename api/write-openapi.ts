import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openApiText } from './openapi-text.ts'

await writeFile(fileURLToPath(new URL('../dashboard/openapi.json', import.meta.url)), await openApiText())

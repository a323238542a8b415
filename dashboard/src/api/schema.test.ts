import { readFile } from 'node:fs/promises'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'
import { expect, it } from 'vitest'

it('the client is generated from the API as it is described now: `pnpm run client` in dashboard/ renews it', async () => {
  const description = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')
  const generated = astToString(await openapiTS(description, { defaultNonNullable: false }))
  expect(await readFile(new URL('./schema.gen.ts', import.meta.url), 'utf8')).toBe(`${COMMENT_HEADER}${generated}`)
})

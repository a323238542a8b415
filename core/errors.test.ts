import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, WeirError } from './errors.ts'

const page = readFileSync(new URL('../docs/reference/errors.md', import.meta.url), 'utf8')
const sections = new Map(
  page
    .split('\n## ')
    .slice(1)
    .map((section) => [section.split('\n', 1)[0], section]),
)

describe('docs/reference/errors.md', () => {
  it('has the codes of the table, in its order, and no other', () => {
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_CODES))
  })

  it.each(Object.entries(ERROR_CODES))(
    '%s says the same as the table, and what to do',
    (code, { meaning, retriable }) => {
      const section = sections.get(code) ?? ''
      expect(section).toContain(`\n\n${meaning}\n`)
      expect(section).toContain(`\n- Retriable: ${retriable ? 'yes' : 'no'}\n`)
      expect(section).toMatch(/\n- What to do: \S/)
    },
  )
})

describe('WeirError', () => {
  it('is as retriable as its code, and keeps its cause', () => {
    const cause = new Error('disk')
    const error = new WeirError('WEIR_STORE_FAILED', 'The store failed.', { cause })
    expect(error).toMatchObject({ name: 'WeirError', code: 'WEIR_STORE_FAILED', retriable: true, cause })
    expect(new WeirError('WEIR_CLOSED', '').retriable).toBe(false)
  })
})

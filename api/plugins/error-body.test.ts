import { readFileSync } from 'node:fs'
import { ERROR_CODES, type ErrorCode, WeirError } from '@weir/core'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { describeError, statusOf } from './error-body.ts'

const CLIENT_ERRORS: Partial<Record<ErrorCode, number>> = {
  WEIR_QUERY_INVALID: 400,
  WEIR_HOST_REFUSED: 403,
  WEIR_NOT_FOUND: 404,
  WEIR_VERSION_CONFLICT: 409,
  WEIR_RECORD_TOO_LARGE: 413,
  WEIR_QUERY_TOO_COSTLY: 422,
  WEIR_OVERLOADED: 429,
}

function collect() {
  const lines: string[] = []
  return { lines, logger: pino({}, { write: (line: string) => lines.push(line) }) }
}

describe('describeError', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s has its status, code and message', (code) => {
    const { lines, logger } = collect()
    const { status, body } = describeError(new WeirError(code, 'What, where, how.'), logger)
    expect(body).toEqual({ code, message: 'What, where, how.' })
    expect(status).toBe(statusOf(code))
    if (CLIENT_ERRORS[code] !== undefined) expect([status, lines]).toEqual([CLIENT_ERRORS[code], []])
    else expect([status >= 500, lines.length]).toEqual([true, 1])
  })

  it('the documented status of each code is its status', () => {
    const page = readFileSync(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8')
    const documented = [...page.matchAll(/^## (\w+)$[^#]*^- HTTP: (\d+)$/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ])
    expect(documented).toEqual((Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => [code, statusOf(code)]))
  })

  it('faults that pass by themselves are 503', () => {
    expect([statusOf('WEIR_STORE_FAILED'), statusOf('WEIR_CLOSED')]).toEqual([503, 503])
  })

  it.each([new TypeError('x is not a function'), 'a string', undefined, { code: 'FST_FAKE', statusCode: 400 }])(
    'an unforeseen error (%s) tells an id that the log has too',
    (error) => {
      const { lines, logger } = collect()
      const { status, body } = describeError(error, logger)
      expect([status, body.code]).toEqual([500, 'WEIR_INTERNAL'])
      const [id] = body.message.match(/[0-9a-f-]{36}/)!
      expect(JSON.parse(lines[0]!).errorId).toBe(id)
      expect(body.message).not.toContain('not a function')
    },
  )
})

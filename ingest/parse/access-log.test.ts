import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { normalizeRecord } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { parseAccessLine } from './access-log.ts'
import { linesOf } from './lines.ts'
import { parserFor } from './parser-for.ts'

const HEAD = '10.0.0.1 - - [17/May/2015:10:05:03 +0000]'

describe('parseAccessLine', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'common format',
      `${HEAD} "GET /a HTTP/1.0" 200 12`,
      { 'http.request.method': 'GET', 'url.path': '/a', 'http.response.body.size': '12' },
    ],
    ['no bytes', `${HEAD} "HEAD / HTTP/1.1" 304 -`, { 'http.response.body.size': '-' }],
    ['escaped quotes', `${HEAD} "GET /a HTTP/1.1" 200 1 "-" "a \\"b\\""`, { 'user_agent.original': 'a "b"' }],
    ['no quote at the end', `${HEAD} "GET /a HTTP/1.1" 200 1 "-" "a (b`, { 'user_agent.original': 'a (b' }],
    ['a blank in the target', `${HEAD} "GET /a b HTTP/1.1" 200 1`, { 'url.path': '/a b' }],
    ['HTTP/0.9', `${HEAD} "GET /a" 200 1`, { 'url.path': '/a' }],
    ['a user with a blank', `10.0.0.1 - Ann B [x] "GET /a HTTP/1.1" 200 1`, { 'user.name': 'Ann B' }],
    ['IPv6', `::1 - - [x] "GET /a HTTP/1.1" 200 1`, { 'client.address': '::1' }],
    ['fields behind the usual ones', `${HEAD} "GET /a HTTP/1.1" 200 1 "-" "ua" "extra" 0.1`, { 'url.path': '/a' }],
  ])('%s', (_sentence, line, fields) => {
    expect(parseAccessLine(line)).toMatchObject({ message: line, ...fields })
  })

  it.each([
    ['a TLS handshake', `${HEAD} "\\x16\\x03\\x01" 400 226 "-" "-"`],
    ['nothing', `${HEAD} "-" 408 - "-" "-"`],
    ['an unknown method', `${HEAD} "BREW /pot HTTP/1.1" 418 0`],
  ])('leaves method and path out of a request that is none: %s', (_sentence, line) => {
    const fields = parseAccessLine(line)
    expect(fields).toMatchObject({ 'http.response.status_code': expect.stringMatching(/^4/) })
    expect(Object.keys(fields)).not.toContain('http.request.method')
    expect(Object.keys(fields)).not.toContain('url.path')
    expect(Object.keys(fields)).not.toContain('user_agent.original')
  })

  it.each([
    ['no time', 'hello world', "no '['"],
    ['an open time', '10.0.0.1 - - [17/May/2015', "no ']'"],
    ['no request', `${HEAD} GET /a 200 1`, 'no quoted request at column 43'],
    ['no status', `${HEAD} "GET /a HTTP/1.1" ok 1`, 'no status code'],
    ['a status out of range', `${HEAD} "GET /a HTTP/1.1" 999 1`, 'no status code'],
    ['an open request', `${HEAD} "GET /a HTTP/1.1 200 1`, 'no status code'],
  ])('says what is missing: %s', (_sentence, line, reason) => {
    expect(parseAccessLine(line)).toContain(reason)
  })
})

describe('parserFor', () => {
  it.each([
    ['auto', '{"a":1}', { a: 1 }],
    ['auto', '{broken', '{broken'],
    ['auto', 'words', 'words'],
    ['json', '"x"', 'x'],
    ['text', '{"a":1}', '{"a":1}'],
  ] as const)('%s reads %s', (format, line, value) => {
    expect(parserFor(format)(line)).toEqual({ ok: true, value })
  })
})

describe('linesOf', () => {
  it.each<[string, string, [number, string][]]>([
    ['nothing', '', []],
    ['no line end', 'a', [[1, 'a']]],
    [
      'both line ends, blank lines counted',
      'a\r\n \t\n\nb\n',
      [
        [1, 'a'],
        [4, 'b'],
      ],
    ],
  ])('%s', (_sentence, text, lines) => {
    const bytes = Buffer.from(text)
    expect([...linesOf(bytes)].map(({ number, start, end }) => [number, bytes.toString('utf8', start, end)])).toEqual(
      lines,
    )
  })
})

const REAL_LOG = join(
  process.env.WEIR_SHARED_DIR ?? join(import.meta.dirname, '../../../shared'),
  'data/access-logs/apache_combined.log',
)

describe.skipIf(!existsSync(REAL_LOG))('10,000 lines of a real web server (skipped without the shared data)', () => {
  it('reads every line as awk does', () => {
    const bytes = readFileSync(REAL_LOG)
    const parse = parserFor('combined')
    const byStatus = new Map<number, number>()
    let bytesSent = 0
    let count = 0
    for (const { start, end } of linesOf(bytes)) {
      const line = bytes.toString('utf8', start, end)
      const parsed = parse(line)
      if (!parsed.ok) throw new Error(`${parsed.reason}: ${line}`)
      const normalized = normalizeRecord(parsed.value, { service: 'web', observedTimeMs: Date.UTC(2026, 0, 1) })
      if (!normalized.ok || normalized.adjusted !== 0) throw new Error(`not taken as it is: ${line}`)
      const { attributes, body, timeMs } = normalized.record
      // The plain columns that `awk '{print $9, $10}'` prints, of lines whose request has three words.
      const columns = line.split(' ')
      expect([body, attributes['http.response.status_code']]).toEqual([line, Number(columns[8])])
      expect(attributes['http.response.body.size']).toBe(columns[9] === '-' ? 0 : Number(columns[9]))
      expect(attributes['url.path']).toBe(columns[6]!.split(/[?#]/)[0])
      expect(new Date(timeMs).getUTCFullYear()).toBe(2015)
      const status = attributes['http.response.status_code'] as number
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
      bytesSent += attributes['http.response.body.size'] as number
      count++
    }
    expect(count).toBe(10_000)
    expect(byStatus.get(200)).toBeGreaterThan(9000)
    expect(bytesSent).toBeGreaterThan(0)
  })
})

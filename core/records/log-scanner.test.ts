import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mutatedValues, plainValues, styledValues } from '../testing/log-values.ts'
import { decodeLogRecord } from './log-record.ts'
import { LogScanner } from './log-scanner.ts'

const LABELS = ['http.route', 'http.request.method', 'http.response.status_code']
const MEASURES = ['duration_ms', 'http.response.body.size']
const encoder = new TextEncoder()

function scanner(): LogScanner {
  return new LogScanner({ labels: LABELS, measures: MEASURES })
}

function fieldsOf(scanned: LogScanner) {
  const labels = LABELS.map((name, i) => [name, scanned.label(i)] as const)
  const measures = MEASURES.map((name, i) => {
    const number = scanned.numbers[i]!
    return [name, Number.isNaN(number) ? scanned.measure(i) : number] as const
  })
  const { timeMs, service, severityNumber } = scanned
  return { timeMs, service, severityNumber, attributes: Object.fromEntries([...labels, ...measures]) }
}

function decodedFields(bytes: Uint8Array) {
  const record = decodeLogRecord(bytes)
  if (record === undefined || !Number.isSafeInteger(record.timeMs) || record.timeMs < 0) return undefined
  const { timeMs, service, severityNumber } = record
  const attributes = Object.fromEntries([...LABELS, ...MEASURES].map((name) => [name, record.attributes[name]]))
  return { timeMs, service, severityNumber, attributes }
}

/** @returns whether the scanner took the value, having checked that it is then what decoding gives */
function check(scanned: LogScanner, bytes: Uint8Array): boolean {
  const alone = bytes.slice()
  if (!scanned.scan(alone, 0, alone.length)) return false
  expect(fieldsOf(scanned)).toEqual(decodedFields(alone))
  return true
}

/** The share of the values that the scanner took. */
function shareTaken(values: fc.Arbitrary<Uint8Array>, numRuns: number): number {
  const scanned = scanner()
  let taken = 0
  let runs = 0
  fc.assert(
    fc.property(values, (bytes) => {
      runs++
      if (check(scanned, bytes)) taken++
    }),
    { numRuns },
  )
  return taken / runs
}

describe('the scanner agrees with JSON.parse', () => {
  it('on what ingest writes, most of which it takes', () => {
    expect(shareTaken(plainValues, 2_000)).toBeGreaterThan(0.5)
  })

  it('on what others may write: other orders, white space, escapes, keys that come twice', () => {
    expect(shareTaken(styledValues, 2_000)).toBeGreaterThan(0.25)
  })

  it('on spoilt bytes, of which it takes those that are records still', () => {
    expect(shareTaken(mutatedValues, 6_000)).toBeGreaterThan(0.01)
  })

  it('whatever lies before and behind the value in its buffer', () => {
    const alone = scanner()
    const among = scanner()
    const around = fc.constantFrom('"', '}', '0', ',', '"}}', '\\"', ' ', 'e5}')
    fc.assert(
      fc.property(fc.oneof(plainValues, mutatedValues), around, (bytes, junk) => {
        const padding = encoder.encode(junk)
        const padded = Uint8Array.from([...padding, ...bytes, ...padding])
        const end = padding.length + bytes.length
        const taken = alone.scan(bytes.slice(), 0, bytes.length)
        expect(among.scan(padded, padding.length, end)).toBe(taken)
        if (taken) expect(fieldsOf(among)).toEqual(fieldsOf(alone))
      }),
      { numRuns: 2_000 },
    )
  })

  it('at every place where a record may be cut off', () => {
    const scanned = scanner()
    const whole = encoder.encode(record('"http.route":"/a","duration_ms":12.5,"list":[1,{"a":null}]'))
    expect(check(scanned, whole)).toBe(true)
    for (let end = 0; end < whole.length; end++) expect(scanned.scan(whole.slice(0, end), 0, end)).toBe(false)
  })
})

function record(attributes: string): string {
  return `{"timeMs":7,"observedTimeMs":8,"service":"web","severityNumber":9,"body":"b","attributes":{${attributes}}}`
}

describe('the scanner declines', () => {
  it.each([
    ['a wanted key that comes twice', record('').replace('"body"', '"service":"x","body"')],
    ['a wanted attribute that comes twice', record('"http.route":"/a","http.route":"/b"')],
    ['a wanted number that comes twice', record('"duration_ms":1,"duration_ms":2')],
    ['a key spelt with an escape, which may be a wanted one', record('"\\u0068ttp.route":"/a"')],
    ['a list as a wanted attribute', record('"http.route":["/a"]')],
    ['attributes that are a list', record('').replace('{}}', '[]}')],
    ['a time with a fraction', record('').replace('"timeMs":7', '"timeMs":7.0')],
    ['a negative time', record('').replace('"timeMs":7', '"timeMs":-7')],
    ['a time past the safe integers', record('').replace('"timeMs":7', '"timeMs":9007199254740993')],
    ['a body that is no text', record('').replace('"b"', '1')],
    ['a record without a field', record('').replace('"body":"b",', '')],
    ['a wanted text of more than 256 bytes', record(`"http.route":"${'x'.repeat(255)}"`)],
    ['nesting beyond its bound', record(`"deep":${'['.repeat(30)}${']'.repeat(30)}`)],
    ['bytes behind the record', `${record('')}x`],
    ['a comma before the end', record('"a":1,')],
    ['a byte order mark', `\ufeff${record('')}`],
  ])('%s', (_sentence, json) => {
    const bytes = encoder.encode(json)
    expect(scanner().scan(bytes, 0, bytes.length)).toBe(false)
  })
})

describe('the scanner', () => {
  it.each([
    ['0'],
    ['-0'],
    ['12.34'],
    ['-0.000001'],
    ['123456789012345'],
    ['0.1234567890123456789'],
    ['1e3'],
    ['1E-7'],
    ['1e999'],
  ])('reads the number %s as JSON.parse does', (number) => {
    const scanned = scanner()
    const bytes = encoder.encode(record(`"duration_ms":${number}`))
    expect(scanned.scan(bytes, 0, bytes.length)).toBe(true)
    expect(scanned.numbers[0]).toBe(JSON.parse(number))
  })

  it('numbers combinations, and forgets them together when there are too many', () => {
    const scanned = scanner()
    const scan = (n: number) => {
      const bytes = encoder.encode(record(`"http.route":"/${n}"`))
      expect(scanned.scan(bytes, 0, bytes.length)).toBe(true)
      expect(scanned.label(0)).toBe(`/${n}`)
      return scanned.combination
    }
    const first = scan(1)
    expect(scan(2)).not.toBe(first)
    expect(scan(1)).toBe(first)
    const { generation } = scanned
    for (let n = 0; n < 20_000; n++) expect(scan(n)).toBeLessThanOrEqual(4_096)
    expect(scanned.generation).toBeGreaterThan(generation)
  })

  it('keeps finding what it wants when more names have come than it learns', () => {
    const scanned = scanner()
    for (let n = 0; n < 3_000; n++) {
      const bytes = encoder.encode(record(`"name${n}":${n},"duration_ms":${n}`))
      expect(scanned.scan(bytes, 0, bytes.length)).toBe(true)
      expect(scanned.numbers[0]).toBe(n)
    }
  })

  it.each(['constructor', '__proto__', 'a\ufffd', '\ud800'])('refuses to look for an attribute named %j', (name) => {
    expect(() => new LogScanner({ labels: [name], measures: [] })).toThrow(RangeError)
  })
})

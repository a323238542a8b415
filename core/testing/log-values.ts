import fc from 'fast-check'
import type { AttributeValue, LogRecord } from '../records/log-record.ts'

const encoder = new TextEncoder()

const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('web', 'shop-api', 'GET', '/api/orders/:id', '', '200', 'größe', '__other__'),
  },
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\ufeff', '\ud800', 'é', '{', ','), maxLength: 6 }),
  fc.constantFrom('x'.repeat(199), 'x'.repeat(254), 'x'.repeat(255), 'ä'.repeat(201)),
)
const number = fc.oneof(
  fc.integer({ min: 0, max: 999 }),
  fc.integer({ min: -100, max: 100_000 }).map((hundredths) => hundredths / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 2 ** 53, 123456789012345, 1234567890123456, 0.1, 1e21, 5e-324),
)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 19, arbitrary: scalar },
  fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }),
)
const otherName = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom('user.id', 'timeMs', 'body', '', '__proto__', 'http.rout', 'http.routes', 'ä'),
  },
  text,
)
const status = fc.oneof(
  fc.constantFrom<AttributeValue>(200, 404, 500, 503, '200', '503', 'ok', 99, 1000, 200.5, null),
  value,
)

const attributes = fc
  .record(
    {
      'http.response.status_code': status,
      'http.route': fc.oneof(fc.constantFrom('/a', '/b', '/c'), value),
      'http.request.method': fc.oneof(fc.constantFrom('GET', 'POST'), value),
      duration_ms: fc.oneof(number, value),
      'http.response.body.size': fc.oneof(number, value),
    },
    { requiredKeys: [] },
  )
  .chain((known) => fc.dictionary(otherName, value, { maxKeys: 3 }).map((others) => ({ ...others, ...known })))

/** Records in Weir's own form, of services, routes and panes that often come again. */
const logRecords: fc.Arbitrary<LogRecord> = fc.record(
  {
    timeMs: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1_699_999_990_000, max: 1_700_000_030_000 }) },
      fc.maxSafeNat(),
    ),
    timeNanos: fc.nat({ max: 999_999 }),
    observedTimeMs: fc.oneof(fc.nat(), number),
    service: fc.oneof(fc.constantFrom('web', 'shop'), text),
    severityNumber: fc.oneof(fc.integer({ min: 0, max: 24 }), number),
    body: text,
    traceId: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
    attributes,
  },
  { requiredKeys: ['timeMs', 'observedTimeMs', 'service', 'severityNumber', 'body', 'attributes'] },
)

/** A way to write JSON: what stands between its parts, how keys and texts are escaped, which members come again. */
interface Style {
  readonly space: string
  readonly escapeText: boolean
  readonly escapeKeys: boolean
  readonly repeat: boolean
  readonly reverse: boolean
}

const style: fc.Arbitrary<Style> = fc.record({
  space: fc.constantFrom('', '', ' ', '\n\t', '\r\n  '),
  escapeText: fc.boolean(),
  escapeKeys: rarely(),
  repeat: rarely(),
  reverse: fc.boolean(),
})

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat({ max: 9 }).map((n) => n === 0)
}

function write(of: unknown, style: Style): string {
  const { space } = style
  if (typeof of === 'string') return quote(of, style.escapeText)
  if (typeof of !== 'object' || of === null) return Object.is(of, -0) ? '-0' : JSON.stringify(of)
  if (Array.isArray(of)) return `[${space}${of.map((each) => write(each, style)).join(`${space},`)}${space}]`
  const members = Object.entries(of).map(
    ([name, each]) => `${quote(name, style.escapeKeys)}${space}:${space}${write(each, style)}`,
  )
  if (style.reverse) members.reverse()
  if (style.repeat && members[0] !== undefined) members.push(members[0])
  return `{${space}${members.join(`${space},${space}`)}${space}}`
}

function quote(plain: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(plain)
  const codes = plain.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `"${codes.join('')}"`
}

/** Bytes of a record as Weir's ingest writes it. */
export const plainValues: fc.Arbitrary<Uint8Array> = logRecords.map((record) => encoder.encode(JSON.stringify(record)))

/** Bytes of a record as some other producer may write it. */
export const styledValues: fc.Arbitrary<Uint8Array> = fc
  .tuple(logRecords, style)
  .map(([record, how]) => encoder.encode(write(record, how)))

/** Bytes of a record of which a few were changed, left out, put in or cut off. */
export const mutatedValues: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(plainValues, styledValues),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('replace', 'insert', 'remove', 'cut'),
        fc.oneof(fc.constantFrom(...[...'"\\{}[],:0-.eE tn/u'].map((c) => c.charCodeAt(0)), 0, 10, 0xef), fc.nat(255)),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([bytes, changes]) => changes.reduce((changed, change) => mutate(changed, ...change), bytes))

function mutate(bytes: Uint8Array, where: number, how: string, byte: number): Uint8Array {
  const at = Math.min(bytes.length, Math.floor(where * (bytes.length + 1)))
  const head = bytes.subarray(0, at)
  if (how === 'cut') return head.slice()
  const rest = bytes.subarray(how === 'insert' ? at : at + 1)
  return Uint8Array.from([...head, ...(how === 'remove' ? [] : [byte]), ...rest])
}

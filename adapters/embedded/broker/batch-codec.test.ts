import { RecordBatch, RecordBatchBuilder, type RecordHeaders } from '@weir/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchDamage, decodeBatch, encodeBatch } from './batch-codec.ts'

interface Row {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestampMs: number
  readonly headers: RecordHeaders | undefined
}

const part = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null })
const row: fc.Arbitrary<Row> = fc.record({
  key: part,
  value: part,
  timestampMs: fc.oneof(
    fc.constant(1_700_000_000_000),
    fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
    // Adding 0 takes the sign off -0, which no clock tells.
    fc.double({ noNaN: true }).map((timestampMs) => timestampMs + 0),
  ),
  headers: fc.option(fc.dictionary(fc.string(), fc.string({ unit: 'binary' }), { noNullPrototype: true }), {
    nil: undefined,
  }),
})

describe('batch codec', () => {
  it('gives back every record as it was, from any offset and any record on', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.nat(1e12), fc.nat(60), (rows, baseOffset, skipped) => {
        const skip = Math.min(skipped, rows.length)
        const { blob, count } = encodeBatch(build(rows))
        expect(count).toBe(rows.length)
        expect(batchDamage(blob)).toBeNull()
        const decoded = decodeBatch(blob, baseOffset, skip)
        expect(rowsOf(decoded)).toEqual(rows.slice(skip).map(comparable))
        expect([...decoded.offsets]).toEqual(rows.slice(skip).map((_, i) => baseOffset + skip + i))
      }),
    )
  })

  it('gathers records that do not lie in one piece, as those of a part of another batch', () => {
    const whole = build(Array.from({ length: 9 }, (_, i) => ({ ...plain(`v${i}`), key: Uint8Array.of(i) })))
    const odd = (column: Int32Array) => column.filter((_, i) => i % 2 === 1)
    const picked = new RecordBatch({
      count: 4,
      bytes: whole.bytes,
      offsets: new Float64Array(4),
      timestampsMs: whole.timestampsMs.slice(0, 4),
      keyStarts: odd(whole.keyStarts),
      keyEnds: odd(whole.keyEnds),
      valueStarts: odd(whole.valueStarts),
      valueEnds: odd(whole.valueEnds),
      headers: new Map(),
    })
    expect(rowsOf(decodeBatch(encodeBatch(picked).blob, 0))).toEqual(rowsOf(picked))
  })

  it('compresses what repeats and leaves alone what does not', () => {
    const repeating = build(Array.from({ length: 200 }, () => plain('GET /api/products 200')))
    const noise = build([{ ...plain(''), value: crypto.getRandomValues(new Uint8Array(20_000)) }])
    expect(encodeBatch(repeating).blob.length).toBeLessThan(repeating.bytes.length / 10)
    expect(encodeBatch(noise).blob.length).toBeLessThan(20_100)
    for (const batch of [repeating, noise]) {
      expect(rowsOf(decodeBatch(encodeBatch(batch).blob, 0))).toEqual(rowsOf(batch))
    }
  })

  it('tells the newest timestamp, which need not be the last one', () => {
    expect(encodeBatch(build([1, 9, 4].map((timestampMs) => ({ ...plain('v'), timestampMs })))).maxTimestampMs).toBe(9)
  })

  it.each([
    { title: 'small, stored as it is', rows: 3 },
    { title: 'large, compressed', rows: 300 },
  ])('finds any single byte changed, and any end cut off ($title)', ({ rows }) => {
    const { blob } = encodeBatch(build(Array.from({ length: rows }, (_, i) => plain(`value ${i}`))))
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const changed = blob.slice()
        changed[at] = changed[at]! ^ difference
        expect(batchDamage(changed)).not.toBeNull()
        expect(batchDamage(blob.subarray(0, at))).not.toBeNull()
      }),
    )
  })
})

function plain(value: string): Row {
  return { key: null, value: new TextEncoder().encode(value), timestampMs: 1000, headers: undefined }
}

function build(rows: readonly Row[]): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (const { key, value, timestampMs, headers } of rows) builder.append(key, value, timestampMs, headers)
  return builder.build()
}

function rowsOf(batch: RecordBatch) {
  return Array.from({ length: batch.count }, (_, i) =>
    comparable({
      key: batch.key(i),
      value: batch.value(i),
      timestampMs: batch.timestampMs(i),
      headers: batch.headers.get(i),
    }),
  )
}

function comparable({ key, value, timestampMs, headers }: Row) {
  const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'))
  return { key: hex(key), value: hex(value), timestampMs, headers: headers && Object.entries(headers) }
}

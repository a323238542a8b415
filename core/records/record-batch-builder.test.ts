import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordBatchBuilder } from './record-batch-builder.ts'

const bytesOrNull = fc.option(fc.uint8Array({ maxLength: 300 }))

describe('RecordBatchBuilder', () => {
  it('gives back what was appended: keys, values, nulls, empties, times and headers', () => {
    const record = fc.record({ key: bytesOrNull, value: bytesOrNull, time: fc.nat(), header: fc.option(fc.string()) })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 200 }), (records) => {
        const builder = new RecordBatchBuilder()
        for (const r of records) builder.append(r.key, r.value, r.time, r.header === null ? undefined : { h: r.header })
        const batch = builder.build()
        expect(batch.count).toBe(records.length)
        records.forEach((r, i) => {
          expect(batch.key(i)).toEqual(r.key)
          expect(batch.value(i)).toEqual(r.value)
          expect(batch.timestampMs(i)).toBe(r.time)
          expect(batch.headers.get(i)?.h ?? null).toBe(r.header)
        })
      }),
    )
  })

  it('encodes text as UTF-8, whatever its length in bytes', () => {
    const builder = new RecordBatchBuilder()
    builder.appendText('ключ', '☃'.repeat(20_000), 1)
    builder.appendText(null, '', 2)
    const batch = builder.build()
    expect(new TextDecoder().decode(batch.key(0)!)).toBe('ключ')
    expect(new TextDecoder().decode(batch.value(0)!)).toBe('☃'.repeat(20_000))
    expect(batch.key(1)).toBeNull()
    expect(batch.value(1)).toHaveLength(0)
  })

  it('is empty after build, and does not touch the batch that it handed over', () => {
    const builder = new RecordBatchBuilder()
    builder.appendText(null, 'first', 1)
    const first = builder.build()
    builder.appendText(null, 'other', 2)
    builder.build()
    expect(new TextDecoder().decode(first.value(0)!)).toBe('first')
    expect(builder.count).toBe(0)
    expect(builder.sizeBytes).toBe(0)
  })
})

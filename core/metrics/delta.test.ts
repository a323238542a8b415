import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DDSketch } from '../sketches/dd-sketch.ts'
import type { Aggregate } from './aggregate.ts'
import { decodeDelta, encodeDelta, encodeMark } from './delta.ts'
import { seriesId } from './series.ts'
import { parseSeriesId } from './series-id.ts'

function aggregateOf(values: readonly number[], withSketch: boolean): Aggregate {
  const sketch = withSketch ? new DDSketch() : null
  let sum = 0
  for (const value of values) {
    sum += value
    sketch?.add(value)
  }
  return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values), sketch }
}

const value = fc.double({ min: -1e9, max: 1e9, noNaN: true })

describe('deltas', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 50 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 400_000_000 }),
        fc.integer({ min: 0, max: 9_999 }),
        (values, withSketch, pane, intoPaneMs) => {
          const aggregate = aggregateOf(values, withSketch)
          const paneStartMs = pane * 10_000
          const delta = decodeDelta(encodeDelta({ paneStartMs, maxEventTimeMs: paneStartMs + intoPaneMs, aggregate }))
          if (delta.kind !== 'delta') throw new Error('a delta came back as a mark')
          expect(delta.paneStartMs).toBe(paneStartMs)
          expect(delta.maxEventTimeMs).toBe(paneStartMs + intoPaneMs)
          expect(delta.aggregate.count).toBe(aggregate.count)
          expect(delta.aggregate.sum).toBe(aggregate.sum)
          expect(delta.aggregate.min).toBe(aggregate.min)
          expect(delta.aggregate.max).toBe(aggregate.max)
          expect(delta.aggregate.sketch?.quantile(0.9)).toBe(aggregate.sketch?.quantile(0.9))
        },
      ),
    )
  })

  it('take few bytes where a metric only counts', () => {
    const aggregate = { count: 117, sum: 117, min: 1, max: 1, sketch: null }
    const bytes = encodeDelta({ paneStartMs: 1_760_000_000_000, maxEventTimeMs: 1_760_000_009_999, aggregate })
    expect(bytes.length).toBeLessThan(12)
    expect(decodeDelta(bytes)).toMatchObject({ aggregate })
  })

  it('are refused as a RangeError where they are garbage, and never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeDelta(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['nothing', []],
    ['an unknown kind', [9, 1, 1]],
    ['a delta without its head', [1, 0]],
    ['a head that ends inside a number', [1, 0, 1, 200]],
    ['a delta that counts nothing', [1, 0, 3, 5, 5, 0]],
    ['a delta whose values are cut off', [1, 1, 3, 5, 5, 1, 0, 0]],
    ['a delta with bytes left over', [1, 0, 3, 5, 5, 1, 7]],
    ['a mark that is cut off', [2, 0, 4]],
    ['a mark of a partition that is not there', [2, 4, 4, 5, 0]],
  ])('refuse %s', (_sentence, bytes) => {
    expect(() => decodeDelta(Uint8Array.from(bytes))).toThrow(RangeError)
  })

  it('refuse a sketch that counts otherwise than the delta', () => {
    const bytes = encodeDelta({ paneStartMs: 0, maxEventTimeMs: 0, aggregate: aggregateOf([5, 6], true) })
    bytes[5] = 3
    expect(() => decodeDelta(bytes)).toThrow(/counts 3 values, its sketch 2/)
  })

  it('can not be written with a time that is no integer', () => {
    const aggregate = aggregateOf([1], false)
    expect(() => encodeDelta({ paneStartMs: 5, maxEventTimeMs: 5, aggregate })).toThrow(RangeError)
    expect(() => encodeDelta({ paneStartMs: -10_000, maxEventTimeMs: 0, aggregate })).toThrow(RangeError)
  })
})

describe('marks', () => {
  it.each([
    { sourcePartition: 0, sourcePartitions: 1, watermarkMs: 0, idle: true },
    { sourcePartition: 3, sourcePartitions: 4, watermarkMs: 1_760_000_000_123, idle: false },
  ])('come back as they were written: $sourcePartition of $sourcePartitions', (mark) => {
    expect(decodeDelta(encodeMark(mark))).toEqual({ kind: 'mark', ...mark })
  })
})

describe('the id of a series', () => {
  it('can be read back', () => {
    const name = fc.stringMatching(/^[a-z][a-z._]{0,20}$/)
    fc.assert(
      fc.property(name, fc.dictionary(name, fc.string({ unit: 'grapheme' }), { maxKeys: 5 }), (metric, labels) => {
        expect(parseSeriesId(seriesId({ metric, labels }))).toEqual({ metric, labels: { ...labels } })
      }),
    )
  })

  it.each(['', '{}', 'm', 'm{', 'm{a}', 'm{a=1}', 'm{a="1"', 'm{a="1",}x', 'm{a="\\q"}', 'm{a="1"b="2"}'])(
    'is refused if it is %j',
    (id) => {
      expect(() => parseSeriesId(id)).toThrow(RangeError)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { DDSketch } from '../sketches/dd-sketch.ts'
import { AGGREGATE_NAMES, type Aggregate, aggregateValue, mergeAggregate } from './aggregate.ts'

function aggregateOf(values: readonly number[]): Aggregate {
  const aggregate: Aggregate = { count: 0, sum: 0, min: Infinity, max: -Infinity, sketch: new DDSketch() }
  for (const value of values) {
    const sketch = new DDSketch()
    sketch.add(value)
    mergeAggregate(aggregate, { count: 1, sum: value, min: value, max: value, sketch })
  }
  return aggregate
}

describe('aggregateValue', () => {
  const aggregate = aggregateOf([1, 2, 3, 4, -10])
  it.each([
    { name: 'count', value: 5 },
    { name: 'rate', value: 0.5 },
    { name: 'sum', value: 0 },
    { name: 'avg', value: 0 },
    { name: 'min', value: -10 },
    { name: 'max', value: 4 },
  ] as const)('$name', ({ name, value }) => {
    expect(aggregateValue(aggregate, name, 10_000)).toBe(value)
  })

  it('takes quantiles from the sketch', () => {
    expect(Math.abs(aggregateValue(aggregate, 'p50', 10_000)! - 2)).toBeLessThanOrEqual(0.02)
  })

  it('knows of nothing only how much it is', () => {
    const values = AGGREGATE_NAMES.map((name) => aggregateValue(aggregateOf([]), name, 10_000))
    expect(values).toEqual([0, 0, 0, ...Array(7).fill(undefined)])
  })

  it('has no quantile of what only counts', () => {
    expect(aggregateValue({ count: 3, sum: 3, min: 1, max: 1, sketch: null }, 'p99', 10_000)).toBeUndefined()
  })
})

it('merging nothing changes nothing', () => {
  const aggregate = aggregateOf([5, 7])
  mergeAggregate(aggregate, aggregateOf([]))
  expect(aggregate).toMatchObject({ count: 2, sum: 12, min: 5, max: 7 })
})

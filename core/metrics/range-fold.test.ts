import { describe, expect, it } from 'vitest'
import type { MetricQuery } from '../ports/metric-store.ts'
import { DDSketch } from '../sketches/dd-sketch.ts'
import { groupLabels, passesFilters } from './label-filter.ts'
import { planRange, RangeFold } from './range-fold.ts'

const QUERY: MetricQuery = {
  metric: 'm',
  filters: [],
  groupBy: ['service'],
  aggregates: ['count', 'max', 'p50'],
  fromMs: 60_000,
  toMs: 180_000,
  stepMs: 60_000,
  maxGroups: 2,
}

function folded(query: MetricQuery = QUERY): RangeFold {
  return new RangeFold(query, planRange(query))
}

function sketchOf(...values: number[]): Uint8Array {
  const sketch = new DDSketch()
  for (const value of values) sketch.add(value)
  return sketch.encode()
}

describe('planRange', () => {
  it('tells the resolution, the steps and whether sketches are needed', () => {
    expect(planRange(QUERY)).toEqual({ resolutionMs: 60_000, steps: 2, quantiles: true })
    expect(planRange({ ...QUERY, aggregates: ['rate'], stepMs: 30_000 })).toEqual({
      resolutionMs: 10_000,
      steps: 4,
      quantiles: false,
    })
  })

  it.each([
    { title: 'a step that is no multiple of 10 s', fields: { stepMs: 1_000 }, code: 'WEIR_QUERY_INVALID' },
    { title: 'a start within a step', fields: { fromMs: 70_000 }, code: 'WEIR_QUERY_INVALID' },
    { title: 'an end within a step', fields: { toMs: 190_000 }, code: 'WEIR_QUERY_INVALID' },
    { title: 'an empty range', fields: { toMs: 60_000 }, code: 'WEIR_QUERY_INVALID' },
    { title: 'a million and one steps', fields: { toMs: 60_000 * 1_000_002 }, code: 'WEIR_QUERY_TOO_COSTLY' },
  ])('refuses $title', ({ fields, code }) => {
    expect(() => planRange({ ...QUERY, ...fields })).toThrow(expect.objectContaining({ code }))
  })
})

describe('RangeFold', () => {
  it('takes windows at the start of the range and not at its end', () => {
    const fold = folded()
    const group = fold.addGroup({ service: 'a' })
    for (const [startMs, count] of [
      [59_999, 1],
      [60_000, 2],
      [119_999, 4],
      [120_000, 8],
      [179_999, 16],
      [180_000, 32],
    ] as const) {
      fold.add(group, startMs, count, 0, 0, 0, null)
    }
    expect(fold.result().groups[0]!.columns.count).toEqual([6, 24])
    expect(fold.result().groups[0]!.totals).toEqual({ count: 30, max: 0, p50: null })
  })

  it.each([
    { title: 'one sketch in a step', parts: [[1, 2, 3]] },
    { title: 'two', parts: [[1], [2, 3]] },
    { title: 'three', parts: [[3], [2], [1]] },
  ])('merges $title', ({ parts }) => {
    const fold = folded()
    const group = fold.addGroup({ service: 'a' })
    for (const part of parts) {
      fold.add(group, 60_000, part.length, 0, Math.min(...part), Math.max(...part), sketchOf(...part))
    }
    fold.add(group, 120_000, 1, 0, 9, 9, sketchOf(9))
    const { columns, totals } = fold.result().groups[0]!
    expect(columns).toMatchObject({ count: [3, 1], max: [3, 9] })
    expect(Math.abs(columns.p50![0]! - 2)).toBeLessThanOrEqual(0.02)
    expect(Math.abs(columns.p50![1]! - 9)).toBeLessThanOrEqual(0.09)
    expect(Math.abs(totals.p50! - 2)).toBeLessThanOrEqual(0.02)
  })

  it('leaves out empty groups, keeps those with most records and counts the others', () => {
    const fold = folded()
    const groups = ['a', 'b', 'c', 'empty'].map((service) => fold.addGroup({ service }))
    groups.slice(0, 3).forEach((group, i) => {
      fold.add(group, 60_000, i + 1, 0, 0, 0, null)
    })
    const result = fold.result(5)
    expect(result.groups.map((group) => group.labels.service)).toEqual(['c', 'b'])
    expect(result.droppedGroups).toBe(6)
  })

  it('refuses groups past a million numbers', () => {
    const query = { ...QUERY, fromMs: 0, toMs: 60_000 * 400_000 }
    const fold = folded(query)
    fold.addGroup({})
    fold.addGroup({})
    expect(() => fold.addGroup({})).toThrow(expect.objectContaining({ code: 'WEIR_QUERY_TOO_COSTLY' }))
  })
})

it('a label that a series lacks is the empty text, to filters and groups', () => {
  expect(groupLabels({ a: '1' }, ['a', 'b'])).toEqual({ a: '1', b: '' })
  expect(passesFilters({ a: '1' }, [{ label: 'b', op: 'in', values: [''] }])).toBe(true)
  expect(passesFilters({ a: '1' }, [{ label: 'b', op: 'not-in', values: [''] }])).toBe(false)
  expect(passesFilters({ a: '1' }, [])).toBe(true)
})

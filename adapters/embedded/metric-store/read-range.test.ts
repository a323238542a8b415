import type { MetricQuery } from '@weir/core'
import { expect, it } from 'vitest'
import { pointKey } from './point-key.ts'
import type { FoldRow, KeyRange } from './points-file.ts'
import { queryRange } from './read-range.ts'

const DAY_MS = 86_400_000
const QUERY: MetricQuery = {
  metric: 'm',
  filters: [],
  groupBy: [],
  aggregates: ['count'],
  fromMs: 0,
  toMs: DAY_MS,
  stepMs: 10_000,
  maxGroups: 10,
}

function seriesNumbered(...numbers: number[]) {
  return numbers.map((no) => ({ no, metric: 'm', labels: { n: String(no) } }))
}

it('leaves out the series that lie between those of the metric', () => {
  const ranges: KeyRange[] = []
  const read = (asked: readonly KeyRange[]): FoldRow[] => {
    ranges.push(...asked)
    return [1, 2, 3].map((no) => [pointKey(0, no), 10 ** no, 0, 0, 0])
  }
  const result = queryRange({ ...QUERY, toMs: 10_000 }, seriesNumbered(1, 3, 900), () => [
    { startMs: 0, endMs: DAY_MS, read },
  ])
  expect(result.groups[0]!.totals.count).toBe(1010)
  expect(ranges).toEqual([
    [pointKey(0, 1), pointKey(15, 3)],
    [pointKey(0, 900), pointKey(15, 900)],
  ])
})

it('stops a query that reads more than two million points, and says how to mend it', () => {
  let reads = 0
  const rows = Array.from({ length: 30_000 }, (_, i): FoldRow => [pointKey(i % 8_640, 1), 1, 1, 1, 1])
  const read = () => {
    reads++
    return rows
  }
  const many = seriesNumbered(...Array.from({ length: 20_000 }, (_, i) => i + 1))
  expect(() => queryRange(QUERY, many, () => [{ startMs: 0, endMs: DAY_MS, read }])).toThrow(
    expect.objectContaining({
      code: 'WEIR_QUERY_TOO_COSTLY',
      message: expect.stringContaining('choose a longer step'),
    }),
  )
  expect(reads).toBeLessThan(80)
})

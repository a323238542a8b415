import {
  type Aggregate,
  DDSketch,
  type MetricQuery,
  type MetricStore,
  type Series,
  WeirError,
  type WindowPoint,
} from '@weir/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** A metric store adapter as the contract suite meets it: empty. */
export interface MetricStoreUnderTest {
  readonly store: MetricStore
  /** An instance of its own on the same data, as another thread has it. */
  readonly reader: MetricStore
  /** Makes all that is stored now older than the retention of 10 s windows and lets it act; null where a test can not. */
  readonly expireFinest: (() => Promise<void>) | null
  stop(): Promise<void>
}

export interface MetricStoreHarness {
  start(): Promise<MetricStoreUnderTest>
}

const HOUR_MS = 3_600_000
const T0 = Date.UTC(2026, 4, 20)
const SOURCE = { topicId: 'deltas-1', partition: 0 }

const series = (labels: Record<string, string>, metric = 'latency'): Series => ({ metric, labels })
const CHECKOUT = series({ service: 'checkout', route: '/pay' })
const CARTS = series({ service: 'carts', route: '/add' })
const BARE = series({ service: 'bare' })

function aggregateOf(values: readonly number[]): Aggregate {
  const sketch = new DDSketch()
  for (const value of values) sketch.add(value)
  const sum = values.reduce((a, b) => a + b, 0)
  return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values), sketch }
}

function point(of: Series, startMs: number, values: readonly number[], fields: Partial<WindowPoint> = {}): WindowPoint {
  return {
    series: of,
    resolutionMs: 10_000,
    startMs,
    aggregate: aggregateOf(values),
    revision: 0,
    closed: false,
    source: { ...SOURCE, offset: 7 },
    ...fields,
  }
}

function counted(of: Series, startMs: number, count: number, resolutionMs = 10_000): WindowPoint {
  return point(of, startMs, [], { resolutionMs, aggregate: { count, sum: count, min: 1, max: 1, sketch: null } })
}

/** What a point says, without the sketch's inside. */
function saying(found: WindowPoint | undefined) {
  if (found === undefined) return undefined
  const { aggregate, ...rest } = found
  return { ...rest, aggregate: { ...aggregate, sketch: aggregate.sketch?.encode().toString() } }
}

export function describeMetricStoreContract(name: string, harness: MetricStoreHarness): void {
  describe(`metric store contract: ${name}`, () => {
    let under: MetricStoreUnderTest

    beforeEach(async () => {
      under = await harness.start()
    })
    afterEach(() => under.stop())

    const query = (fields: Partial<MetricQuery> = {}) =>
      under.reader.query({
        metric: 'latency',
        filters: [],
        groupBy: [],
        aggregates: ['count'],
        fromMs: T0,
        toMs: T0 + 60_000,
        stepMs: 10_000,
        maxGroups: 10,
        ...fields,
      })
    const counts = async (fields: Partial<MetricQuery> = {}) =>
      Object.fromEntries(
        (await query(fields)).groups.map((group) => [Object.values(group.labels).join(), group.totals.count]),
      )

    describe('as the state of windows', () => {
      it('gives points back as they were, in the order of the keys, undefined where there is none', async () => {
        const stored = [
          point(CHECKOUT, T0, [1.5, -2, 0], { revision: 2, closed: true }),
          point(CARTS, T0, [3]),
          counted(BARE, T0, 4, 60_000),
          {
            ...counted(BARE, T0, 0, HOUR_MS),
            aggregate: { count: 0, sum: 0, min: Infinity, max: -Infinity, sketch: null },
          },
        ]
        await under.store.upsert(stored)
        const missing = [
          { ...stored[0]!, startMs: T0 + 10_000 },
          { ...stored[0]!, resolutionMs: 300_000 },
          { ...stored[0]!, series: series({ service: 'nobody' }) },
        ]
        const keys = [stored[3]!, missing[0]!, stored[1]!, missing[1]!, stored[0]!, missing[2]!, stored[2]!]
        const loaded = await under.store.load(keys)
        expect(loaded.map(saying)).toEqual(
          [stored[3], undefined, stored[1], undefined, stored[0], undefined, stored[2]].map(saying),
        )
      })

      it('takes labels in another order as the same series', async () => {
        await under.store.upsert([counted(series({ a: '1', b: '2' }), T0, 1)])
        await under.store.upsert([counted(series({ b: '2', a: '1' }), T0, 5)])
        expect(await counts()).toEqual({ '': 5 })
      })

      it('keeps labels apart that only look the same when joined', async () => {
        await under.store.upsert([
          counted(series({ a: 'x",b="y' }), T0, 1),
          counted(series({ a: 'x', b: 'y' }), T0, 2),
          counted(series({ a: 'größe\u0000' }), T0, 4),
        ])
        expect(await counts()).toEqual({ '': 7 })
        expect(await under.reader.labelValues('latency', 'a', 10)).toEqual(['größe\u0000', 'x', 'x",b="y'].sort())
      })

      it('writes a point over the one with its key: a replay changes nothing', async () => {
        const points = [counted(CHECKOUT, T0, 3), counted(CARTS, T0, 4)]
        await under.store.upsert(points)
        await under.store.upsert(points)
        expect(await counts()).toEqual({ '': 7 })
        await under.store.upsert([counted(CHECKOUT, T0, 10)])
        expect(await counts()).toEqual({ '': 14 })
      })

      it('finds the open points of a partition of one topic', async () => {
        const open = counted(CHECKOUT, T0, 1)
        await under.store.upsert([
          open,
          counted(CARTS, T0 - 365 * 24 * HOUR_MS, 1, HOUR_MS),
          { ...counted(CARTS, T0, 2), closed: true },
          { ...counted(BARE, T0, 3), source: { ...SOURCE, partition: 1, offset: 1 } },
          { ...counted(BARE, T0 + 10_000, 3), source: { topicId: 'deltas-2', partition: 0, offset: 1 } },
        ])
        expect((await under.store.loadOpen(SOURCE)).map((found) => found.resolutionMs).sort()).toEqual([
          10_000,
          HOUR_MS,
        ])
        expect(saying((await under.store.loadOpen(SOURCE)).find((found) => found.startMs === T0))).toEqual(saying(open))
        await under.store.upsert([{ ...open, closed: true }])
        expect(await under.store.loadOpen(SOURCE)).toHaveLength(1)
        expect(await under.store.loadOpen({ topicId: 'none', partition: 0 })).toEqual([])
      })
    })

    describe('as the answer to queries', () => {
      it('tells a gap from a zero', async () => {
        await under.store.upsert([counted(CHECKOUT, T0, 3), counted(CHECKOUT, T0 + 20_000, 0)])
        const { groups } = await query({ aggregates: ['count', 'rate', 'avg'] })
        expect(groups).toEqual([
          {
            labels: {},
            totals: { count: 3, rate: 3 / 60, avg: 1 },
            columns: {
              count: [3, null, 0, null, null, null],
              rate: [0.3, null, 0, null, null, null],
              avg: [1, null, null, null, null, null],
            },
          },
        ])
      })

      it('takes its range as half open', async () => {
        for (const [startMs, count] of [
          [T0 - 10_000, 1],
          [T0, 10],
          [T0 + 50_000, 100],
          [T0 + 60_000, 1000],
        ] as const) {
          await under.store.upsert([counted(CHECKOUT, startMs, count)])
        }
        expect(await counts()).toEqual({ '': 110 })
      })

      it('reads across the days and weeks that stores file by', async () => {
        const starts = Array.from({ length: 80 }, (_, i) => T0 + i * 24 * HOUR_MS)
        await under.store.upsert(
          starts.flatMap((startMs) => [counted(CHECKOUT, startMs, 1), counted(CARTS, startMs, 1, 300_000)]),
        )
        const range = { toMs: T0 + 80 * 24 * HOUR_MS, groupBy: ['service'] }
        expect(await counts({ ...range, stepMs: 20_000 })).toEqual({ checkout: 80 })
        expect(await counts({ ...range, stepMs: 300_000 })).toEqual({ carts: 80 })
      })

      it('reads the coarsest windows that divide the step, and sums them into it', async () => {
        for (const [resolutionMs, count] of [
          [10_000, 1],
          [60_000, 2],
          [300_000, 3],
          [HOUR_MS, 4],
        ] as const) {
          await under.store.upsert([
            counted(CHECKOUT, T0, count, resolutionMs),
            counted(CHECKOUT, T0 + resolutionMs, count, resolutionMs),
          ])
        }
        for (const [stepMs, total] of [
          [10_000, 2],
          [30_000, 2],
          [60_000, 4],
          [120_000, 4],
          [600_000, 6],
          [HOUR_MS, 8],
          [2 * HOUR_MS, 8],
        ] as const) {
          expect(await counts({ stepMs, toMs: T0 + 2 * HOUR_MS }), `step ${stepMs}`).toEqual({ '': total })
        }
      })

      it('merges percentiles from all values of series and steps, within 1 %', async () => {
        const rising = Array.from({ length: 1_000 }, (_, i) => i + 1)
        const chunk = (i: number) => rising.filter((value) => value % 4 === i)
        await under.store.upsert([
          point(CHECKOUT, T0, chunk(0)),
          point(CARTS, T0, chunk(1)),
          point(CHECKOUT, T0 + 10_000, chunk(2)),
          point(
            BARE,
            T0 + 50_000,
            chunk(3).map((value) => value),
          ),
        ])
        const aggregates = ['p50', 'p90', 'p95', 'p99', 'min', 'max', 'avg', 'sum'] as const
        const { groups } = await query({ aggregates, stepMs: 20_000 })
        const { totals, columns } = groups[0]!
        for (const [name, value] of [
          ['p50', 500],
          ['p90', 900],
          ['p95', 950],
          ['p99', 990],
        ] as const) {
          expect(Math.abs(totals[name]! - value) / value, name).toBeLessThan(0.0125)
        }
        expect(totals).toMatchObject({ min: 1, max: 1000, avg: 500.5, sum: 500_500 })
        expect(columns.p95![1]).toBeNull()
        expect(Math.abs(columns.p95![0]! - 950) / 950).toBeLessThan(0.0125)
      })

      it('has no percentile of windows that only count', async () => {
        await under.store.upsert([counted(CHECKOUT, T0, 3)])
        expect((await query({ aggregates: ['p95'] })).groups[0]!.totals).toEqual({ p95: null })
      })

      it('groups by labels, with an empty value for series that lack one, most records first', async () => {
        await under.store.upsert([counted(CHECKOUT, T0, 1), counted(CARTS, T0, 5), counted(BARE, T0, 3)])
        const { groups } = await query({ groupBy: ['route'] })
        expect(groups.map((group) => [group.labels, group.totals.count])).toEqual([
          [{ route: '/add' }, 5],
          [{ route: '' }, 3],
          [{ route: '/pay' }, 1],
        ])
        expect(await counts({ groupBy: ['service', 'route'] })).toEqual({
          'carts,/add': 5,
          'bare,': 3,
          'checkout,/pay': 1,
        })
      })

      it.each([
        { op: 'in', label: 'service', values: ['carts', 'bare'], found: 8 },
        { op: 'not-in', label: 'service', values: ['carts'], found: 4 },
        { op: 'in', label: 'route', values: [''], found: 3 },
        { op: 'not-in', label: 'route', values: [''], found: 6 },
        { op: 'in', label: 'route', values: ['', '/pay'], found: 4 },
        { op: 'not-in', label: 'nothing', values: ['x'], found: 9 },
        { op: 'in', label: 'service', values: [], found: undefined },
      ] as const)('filters $label $op $values', async ({ op, label, values, found }) => {
        await under.store.upsert([counted(CHECKOUT, T0, 1), counted(CARTS, T0, 5), counted(BARE, T0, 3)])
        expect(await counts({ filters: [{ label, op, values }] })).toEqual(found === undefined ? {} : { '': found })
      })

      it('keeps the groups with most records, and counts those it left out', async () => {
        const many = Array.from({ length: 30 }, (_, i) => point(series({ n: String(i) }), T0, Array(i + 1).fill(5)))
        await under.store.upsert(many)
        const { groups, droppedGroups } = await query({ groupBy: ['n'], maxGroups: 3, aggregates: ['count', 'p50'] })
        expect(groups.map((group) => group.labels.n)).toEqual(['29', '28', '27'])
        expect(Math.abs(groups[0]!.totals.p50! - 5)).toBeLessThan(0.05)
        expect(droppedGroups).toBe(27)
      })

      it.each([
        { title: 'a step that no resolution divides', fields: { stepMs: 15_000 } },
        { title: 'a step of zero', fields: { stepMs: 0 } },
        { title: 'a range that starts within a step', fields: { fromMs: T0 + 5_000 } },
        { title: 'an empty range', fields: { toMs: T0 } },
        { title: 'no groups', fields: { maxGroups: 0 } },
      ])('refuses $title', async ({ fields }) => {
        await expect(query(fields)).rejects.toMatchObject({ code: 'WEIR_QUERY_INVALID' })
      })

      it('refuses what would make more numbers than its bound', async () => {
        const refused = query({ toMs: T0 + 2e6 * 10_000 })
        await expect(refused).rejects.toBeInstanceOf(WeirError)
        await expect(refused).rejects.toMatchObject({ code: 'WEIR_QUERY_TOO_COSTLY' })
      })

      it('answers for a metric that it does not have', async () => {
        expect(await query({ metric: 'none' })).toMatchObject({ groups: [], droppedGroups: 0, steps: 6 })
      })

      it('lists metrics and label values', async () => {
        await under.store.upsert([counted(CHECKOUT, T0, 1), counted(BARE, T0, 1), counted(series({}, 'events'), T0, 1)])
        expect(await under.reader.metrics()).toEqual([
          { metric: 'events', labelNames: [], series: 1 },
          { metric: 'latency', labelNames: ['route', 'service'], series: 2 },
        ])
        expect(await under.reader.labelValues('latency', 'service', 10)).toEqual(['bare', 'checkout'])
        expect(await under.reader.labelValues('latency', 'service', 1)).toEqual(['bare'])
        expect(await under.reader.labelValues('latency', 'none', 10)).toEqual([])
      })
    })

    it('shows another instance at once what was written, new series too', async () => {
      expect(await counts()).toEqual({})
      for (let i = 1; i <= 5; i++) {
        await under.store.upsert([counted(series({ n: String(i) }), T0, 1)])
        expect(await counts()).toEqual({ '': i })
      }
    })

    it('drops windows past the retention of their resolution, and keeps the coarser ones', async ({ skip }) => {
      if (under.expireFinest === null) return skip('this adapter can not be made to expire in a test')
      await under.store.upsert([counted(CHECKOUT, T0, 1), counted(CHECKOUT, T0, 2, HOUR_MS)])
      await under.expireFinest()
      expect(await counts()).toEqual({})
      expect(await counts({ stepMs: HOUR_MS, toMs: T0 + HOUR_MS })).toEqual({ '': 2 })
    })

    it('refuses calls after close', async () => {
      await under.reader.close()
      await expect(counts()).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    })
  })
}

import { describe, expect, it } from 'vitest'
import type { Anomaly, MetricAnswer } from '../../api/answers.ts'
import { TOKENS } from '../../theme/tokens.ts'
import { errorRateData, overallErrorShare, percentOf } from './error-rate.ts'
import { eventRateData } from './event-rate.ts'
import { latencyData, servicesByRequests, serviceToShow } from './latency.ts'
import { comparePeriods, periodOf } from './period.ts'
import { eventsQuestion, newestQuestion, withPeriodBefore } from './questions.ts'
import { anomalyPlaces, besideUsual, severitySummary } from './tiles.ts'
import { routeRows, sortRoutes } from './top-routes.ts'

type Groups = [labels: Record<string, string>, columns: Record<string, (number | null)[]>][]

function answer(groups: Groups, steps = 4): MetricAnswer {
  return {
    id: 'q',
    type: 'metric',
    metric: 'm',
    unit: '1',
    fromMs: 0,
    stepMs: 10_000,
    steps,
    completeToMs: steps * 10_000,
    groups: groups.map(([labels, columns]) => ({
      labels,
      columns,
      totals: Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [
          name,
          column.reduce<number>((sum, value) => sum + (value ?? 0), 0),
        ]),
      ),
    })),
    droppedGroups: 0,
  }
}

function anomaly(change: Partial<Anomaly>): Anomaly {
  return {
    id: 'a',
    metric: 'http.server.duration',
    labels: { service: 'checkout', route: '/api/orders', method: 'POST' },
    aggregate: 'p95',
    resolutionMs: 10_000,
    startMs: 20_000,
    value: 1_800,
    expected: { low: 180, high: 240 },
    score: 9,
    severity: 'error',
    detector: 'z-score',
    reason: 'checkout p95 1.8 s, expected 180–240 ms',
    ...change,
  }
}

const EVENTS = answer([
  [{ service: 'shop', severity: 'info' }, { count: [10, 10, 20, 20] }],
  [{ service: 'shop', severity: 'error' }, { count: [null, null, 10, null] }],
  [{ service: 'worker', severity: 'info' }, { count: [null, 30, 30, 30] }],
])

describe('questions', () => {
  it('reach back one period', () => {
    expect(withPeriodBefore({ lastMs: 1_000 })).toEqual({ lastMs: 2_000 })
    expect(withPeriodBefore({ fromMs: 10_000, toMs: 14_000 })).toEqual({ fromMs: 6_000, toMs: 14_000 })
    expect(withPeriodBefore({ fromMs: 1_000, toMs: 14_000 })).toEqual({ fromMs: 0, toMs: 14_000 })
  })

  it('are equal by value for the same page, so that they are asked once', () => {
    expect(JSON.stringify(eventsQuestion({ lastMs: 5 }))).toBe(JSON.stringify(eventsQuestion({ lastMs: 5 })))
  })

  it('search only when there is something to search', () => {
    expect(newestQuestion({ lastMs: 5 }, '')).not.toHaveProperty('text')
    expect(newestQuestion({ lastMs: 5 }, 'order')).toHaveProperty('text', 'order')
  })
})

describe('periods', () => {
  it('compares complete steps with as many before', () => {
    const period = periodOf(answer([], 10), 30_000)
    expect(period).toEqual({ firstStep: 6, completeSteps: 10 })
    expect(comparePeriods([1, 1, 1, 1, 1, 1, 2, 2, 2, 2], period)).toEqual({ now: 8, before: 4 })
  })

  it('has nothing to compare with where data began later', () => {
    const period = periodOf(answer([], 10), 30_000)
    expect(comparePeriods([null, null, null, null, null, null, 2, 2, 2, 2], period).before).toBeUndefined()
    expect(comparePeriods([1], { firstStep: 0, completeSteps: 1 }).before).toBeUndefined()
  })
})

describe('event rate', () => {
  it('is per second, with the worst severity at the bottom', () => {
    const data = eventRateData(EVENTS, 30_000, 'severity', TOKENS.dark)
    expect(data.series.map((series) => series.key)).toEqual(['error', 'info'])
    expect(data.series[1]?.values).toEqual([1, 4, 5, 5])
    expect(data.series[0]?.values).toEqual([null, null, 1, null])
  })

  it('splits by service, the largest first', () => {
    const data = eventRateData(EVENTS, 20_000, 'service', TOKENS.dark)
    expect(data.series.map((series) => series.name)).toEqual(['worker', 'shop'])
    expect(data.fromMs).toBe(10_000)
    expect(data.steps).toBe(3)
  })

  it('adds up what is past eleven services', () => {
    const many = answer(
      Array.from({ length: 14 }, (_, index) => [
        { service: `s${index}`, severity: 'info' },
        { count: [10, 10, 10, 10] },
      ]),
    )
    const data = eventRateData(many, 30_000, 'service', TOKENS.dark)
    expect(data.series).toHaveLength(12)
    expect(data.series.at(-1)).toMatchObject({ name: '3 others', values: [3, 3, 3, 3] })
  })
})

describe('error rate', () => {
  const requests = answer([
    [{ service: 'shop', status: '200' }, { count: [90, 90, 50, null] }],
    [{ service: 'shop', status: '503' }, { count: [10, 10, 50, null] }],
    [{ service: 'shop', status: '404' }, { count: [100, null, null, null] }],
  ])

  it('counts 5xx among all requests', () => {
    const { data, bases } = errorRateData(requests, EVENTS, 30_000, TOKENS.dark)
    expect(data.series.find((series) => series.key === 'shop')?.values).toEqual([5, 10, 50, null])
    expect(bases.has('requests')).toBe(true)
  })

  it('counts error lines among lines where a service serves no HTTP', () => {
    const { data, bases } = errorRateData(answer([]), EVENTS, 30_000, TOKENS.dark)
    expect(data.series.find((series) => series.key === 'shop')?.values).toEqual([0, 0, (10 / 30) * 100, 0])
    expect([...bases]).toEqual(['lines'])
  })

  it('of all services together is of requests if there are any', () => {
    expect(overallErrorShare(requests, EVENTS)).toMatchObject({ basis: 'requests', percent: [5, 10, 50, null] })
    expect(overallErrorShare(answer([]), EVENTS).basis).toBe('lines')
  })

  it('of nothing is a gap, not zero', () => {
    expect(percentOf([null, 1], [0, null])).toEqual([null, null])
  })
})

describe('latency', () => {
  const requests = answer([
    [{ service: 'shop', status: '200' }, { count: [1, 1, 1, 1] }],
    [{ service: 'web', status: '200' }, { count: [9, 9, 9, 9] }],
  ])

  it('shows the service of the newest slow spell first, else the busiest', () => {
    expect(serviceToShow([anomaly({ metric: 'logs.count' }), anomaly({})], requests)).toBe('checkout')
    expect(serviceToShow([], requests)).toBe('web')
    expect(servicesByRequests(undefined)).toEqual([])
  })

  it('has three quantiles, p95 the one meant, even before there is data', () => {
    const data = latencyData(answer([]), 20_000, TOKENS.dark)
    expect(data.series.map((series) => [series.key, series.weight])).toEqual([
      ['p99', 'context'],
      ['p95', 'main'],
      ['p50', 'context'],
    ])
    expect(data.series[0]?.values).toEqual([null, null, null])
  })
})

describe('top routes', () => {
  const labels = { service: 'checkout', route: '/api/orders', method: 'POST' }
  const requests = answer([
    [labels, { count: [100, 100, 100, 100] }],
    [{ ...labels, route: '/api/cart' }, { count: [200, 200, 200, 200] }],
  ])
  const durations = answer([[labels, { p95: [1_800] }]])
  const errors = answer([[labels, { count: [40, 0, 0, 0] }]])

  it('joins three answers by service, method and route', () => {
    const [orders, cart] = routeRows(requests, durations, errors, [anomaly({})])
    expect(orders).toMatchObject({ requestsPerSecond: 10, p95Ms: 1_800, errorPercent: 10, slow: true })
    expect(cart).toMatchObject({ requestsPerSecond: 20, p95Ms: undefined, errorPercent: 0, slow: false })
  })

  it('divides by the time that has passed', () => {
    const [orders] = routeRows({ ...requests, completeToMs: 20_000 }, undefined, undefined, [])
    expect(orders?.requestsPerSecond).toBe(20)
  })

  it('does not count the time before there were logs', () => {
    const late = answer([[labels, { count: [null, null, null, 100] }]])
    expect(routeRows(late, undefined, undefined, [])[0]?.requestsPerSecond).toBe(10)
  })

  it('sorts by a column, then by requests', () => {
    const rows = routeRows(requests, durations, errors, [])
    expect(sortRoutes(rows, 'errorPercent')[0]?.route).toBe('/api/orders')
    expect(sortRoutes(rows, 'requestsPerSecond')[0]?.route).toBe('/api/cart')
    expect(sortRoutes(routeRows(requests, durations, undefined, []), 'errorPercent')[0]?.route).toBe('/api/cart')
  })
})

describe('tiles', () => {
  const period = { firstStep: 0, completeSteps: 7 }

  it.each([
    ['far above the usual is wrong', [2, 2, 2, 2, 2, 2, 9], true],
    ['as usual is not', [2, 2, 2, 2, 2, 2, 3], false],
    ['three times next to nothing is not', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4], false],
    ['too little history says nothing', [null, null, null, null, 2, 2, 90], false],
  ])('%s', (_, column, wrong) => {
    expect(besideUsual(column, period, 3, 1).wrong).toBe(wrong)
  })

  it('does not take a running step for the value', () => {
    expect(besideUsual([2, 2, 2, 2, 2, 2, 2, 99], period, 3, 1).value).toBe(2)
  })

  it('places anomalies on their strip, and counts them', () => {
    expect(anomalyPlaces([anomaly({}), anomaly({ startMs: 999_999 })], 0, 40_000)).toEqual([
      { id: 'a', severity: 'error', position: 0.5 },
    ])
    expect(severitySummary([anomaly({}), anomaly({ severity: 'warn' })])).toEqual({ error: 1, warn: 1 })
  })
})

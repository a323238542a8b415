import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Query } from '../schemas/query.ts'
import { MemoryWeir } from '../testing/memory-weir.ts'
import { type ResolvedQuery, resolveQuery } from './resolve-query.ts'

const definitions = new Map(new MemoryWeir().definitions.map((definition) => [definition.name, definition]))
const MINUTE = 60_000
const HOUR = 60 * MINUTE

function resolve(query: Query, nowMs = 100 * HOUR + 1): ResolvedQuery {
  return resolveQuery(query, { nowMs, definitions, limits: DEFAULT_LIMITS })
}

function metric(over: object): Query {
  return {
    id: 'q',
    type: 'metric',
    range: { lastMs: HOUR },
    metric: 'logs.count',
    aggregates: ['count'],
    ...over,
  } as Query
}

function metricRange(over: object, nowMs?: number) {
  const resolved = resolve(metric(over), nowMs)
  if (resolved.type !== 'metric') throw new Error('not a metric query')
  const { fromMs, toMs, stepMs } = resolved.query
  return { fromMs, toMs, stepMs }
}

describe('the range of a metric query', () => {
  it.each([
    [
      'ends at the next step',
      { stepMs: MINUTE, range: { lastMs: HOUR } },
      100 * HOUR + 1,
      99 * HOUR + MINUTE,
      100 * HOUR + MINUTE,
    ],
    [
      'ends at now where now is on a step',
      { stepMs: MINUTE, range: { lastMs: HOUR } },
      100 * HOUR,
      99 * HOUR,
      100 * HOUR,
    ],
    ['is widened to whole steps', { stepMs: HOUR, range: { lastMs: HOUR + 1 } }, 100 * HOUR, 98 * HOUR, 100 * HOUR],
    ['does not start before the epoch', { stepMs: HOUR, range: { lastMs: 10 * HOUR } }, 5 * HOUR, 0, 5 * HOUR],
    [
      'absolute: starts and ends on the steps around it',
      { stepMs: HOUR, range: { fromMs: HOUR + 1, toMs: 3 * HOUR - 1 } },
      0,
      HOUR,
      3 * HOUR,
    ],
    ['absolute on steps: stays', { stepMs: HOUR, range: { fromMs: HOUR, toMs: 3 * HOUR } }, 0, HOUR, 3 * HOUR],
  ])('%s', (_, over, nowMs, fromMs, toMs) => {
    expect(metricRange(over, nowMs)).toMatchObject({ fromMs, toMs })
  })

  it.each([
    ['10 s for 15 minutes', { range: { lastMs: 15 * MINUTE } }, 10_000],
    ['5 min for 24 h in 300 points', { range: { lastMs: 24 * HOUR } }, 5 * MINUTE],
    ['an hour for 24 h in 24 points', { range: { lastMs: 24 * HOUR }, maxPoints: 24 }, HOUR],
    ['a day for a year of 366 points', { range: { lastMs: 365 * 24 * HOUR }, maxPoints: 366 }, 24 * HOUR],
  ])('the step is %s', (_, over, stepMs) => {
    expect(metricRange(over).stepMs).toBe(stepMs)
  })

  it('a query asked again within its step is the same, whatever the order of time', () => {
    const at = (nowMs: number) => JSON.stringify(resolve(metric({ stepMs: MINUTE }), nowMs))
    expect(at(10 * MINUTE + 1)).toBe(at(11 * MINUTE))
    expect(at(10 * MINUTE + 1)).not.toBe(at(11 * MINUTE + 1))
  })
})

describe('what a metric query may ask', () => {
  it.each([
    [
      'a metric that is not there',
      { metric: 'http.x' },
      /no metric "http.x"; there are logs.count, http.server.duration/,
    ],
    [
      'a group by an unknown label',
      { groupBy: ['servce'] },
      /logs.count has no label "servce"; it has service, severity/,
    ],
    ['a filter on an unknown label', { filters: [{ label: 'pod', op: 'in', values: ['a'] }] }, /no label "pod"/],
    ['a percentile of a count', { aggregates: ['count', 'p95'] }, /logs.count keeps no percentiles/],
    ['a step between resolutions', { stepMs: 15_000 }, /stepMs must be a multiple of 10000, not 15000/],
    ['an empty range', { range: { fromMs: 5, toMs: 5 } }, /fromMs 5 is not before toMs 5/],
  ])('refuses %s', (_, over, message) => {
    expect(() => resolve(metric(over))).toThrow(
      expect.objectContaining({ code: 'WEIR_QUERY_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it('percentiles of a distribution', () => {
    expect(resolve(metric({ metric: 'http.server.duration', aggregates: ['p95'] }))).toMatchObject({ unit: 'ms' })
  })

  it.each([
    ['11 000 steps', { stepMs: 10_000, range: { lastMs: 110_000_000 }, maxGroups: 1 }, true],
    ['11 001 steps', { stepMs: 10_000, range: { lastMs: 110_000_001 }, maxGroups: 1 }, false],
    ['a million values', { stepMs: 10_000, range: { lastMs: 10_000_000 }, maxGroups: 1_000 }, true],
    ['more than a million values', { stepMs: 10_000, range: { lastMs: 10_010_000 }, maxGroups: 1_000 }, false],
  ])('cost: %s', (_, over, allowed) => {
    if (allowed) expect(resolve(metric(over)).type).toBe('metric')
    else expect(() => resolve(metric(over))).toThrow(expect.objectContaining({ code: 'WEIR_QUERY_TOO_COSTLY' }))
  })
})

describe('the other queries', () => {
  it('logs: text becomes terms, the severity its least number, and defaults are filled in', () => {
    const query: Query = {
      id: 'l',
      type: 'logs',
      range: { lastMs: 20_000 },
      text: 'timeout -retry',
      minSeverity: 'warn',
    }
    expect(resolve(query, 100_001)).toEqual({
      type: 'logs',
      search: {
        fromMs: 90_000,
        toMs: 110_000,
        terms: [
          { kind: 'word', text: 'timeout', negated: false },
          { kind: 'word', text: 'retry', negated: true },
        ],
        services: [],
        minSeverityNumber: 13,
        limit: 100,
      },
    })
  })

  it('anomalies and annotations keep an absolute range as it is', () => {
    const range = { fromMs: 1, toMs: 2 }
    expect(resolve({ id: 'x', type: 'anomalies', range, metric: 'logs.count' })).toEqual({
      type: 'anomalies',
      query: { ...range, metric: 'logs.count', limit: 100 },
    })
    expect(resolve({ id: 'x', type: 'annotations', range })).toEqual({ type: 'annotations', ...range })
  })
})

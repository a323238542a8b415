import type { MetricQuestion, Question } from '../../api/answers.ts'
import type { Range } from '../../time/range.ts'

/** With the period before it, for comparisons. */
export function withPeriodBefore(range: Range): Range {
  if ('lastMs' in range) return { lastMs: range.lastMs * 2 }
  return { fromMs: Math.max(range.fromMs * 2 - range.toMs, 0), toMs: range.toMs }
}

/** Ninety bars at most, or a hundred and twenty points of a line, over the range itself: 10 s each over 15 minutes. */
const BAR_POINTS = 180
const LINE_POINTS = 240
const ROUTE_POINTS = 60

type Labelled = Pick<MetricQuestion, 'groupBy' | 'filters' | 'maxGroups'>

function metric(
  name: string,
  range: Range,
  aggregates: MetricQuestion['aggregates'],
  maxPoints: number,
  rest: Labelled = {},
): MetricQuestion {
  return { type: 'metric', range, metric: name, aggregates, maxPoints, ...rest }
}

export function eventsQuestion(range: Range): MetricQuestion {
  return metric('logs.count', withPeriodBefore(range), ['count'], BAR_POINTS, {
    groupBy: ['service', 'severity'],
    maxGroups: 200,
  })
}

export function requestsQuestion(range: Range): MetricQuestion {
  return metric('http.server.requests', withPeriodBefore(range), ['count'], BAR_POINTS, {
    groupBy: ['service', 'status'],
    maxGroups: 300,
  })
}

/** @param service undefined: all together */
export function latencyQuestion(range: Range, service: string | undefined): MetricQuestion {
  return metric('http.server.duration', withPeriodBefore(range), ['p50', 'p95', 'p99'], LINE_POINTS, {
    ...(service === undefined ? {} : { filters: [{ label: 'service', op: 'in' as const, values: [service] }] }),
  })
}

const ROUTE = ['service', 'route', 'method']

export function routeQuestions(range: Range): {
  requests: MetricQuestion
  durations: MetricQuestion
  errors: MetricQuestion
} {
  const labels = { groupBy: ROUTE, maxGroups: 100 }
  return {
    requests: metric('http.server.requests', range, ['count'], ROUTE_POINTS, labels),
    durations: metric('http.server.duration', range, ['p95'], ROUTE_POINTS, labels),
    errors: metric('http.server.errors', range, ['count'], ROUTE_POINTS, labels),
  }
}

export function anomaliesQuestion(range: Range): Extract<Question, { type: 'anomalies' }> {
  return { type: 'anomalies', range, limit: 200 }
}

export function annotationsQuestion(range: Range): Extract<Question, { type: 'annotations' }> {
  return { type: 'annotations', range }
}

/** Of which a sample is shown. */
const NEWEST_LINES = 100

/** @param find words that the lines must have; '' for all */
export function newestQuestion(range: Range, find: string): Extract<Question, { type: 'logs' }> {
  return { type: 'logs', range, limit: NEWEST_LINES, ...(find === '' ? {} : { text: find }) }
}

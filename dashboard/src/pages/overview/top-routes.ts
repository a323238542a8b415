import type { Anomaly, MetricAnswer } from '../../api/answers.ts'
import { DURATION } from './latency.ts'

export interface RouteRow {
  readonly key: string
  readonly service: string
  readonly method: string
  readonly route: string
  readonly requestsPerSecond: number
  /** ms; undefined where no duration is logged. */
  readonly p95Ms: number | undefined
  readonly errorPercent: number
  /** An anomaly of its latency lies in the range. */
  readonly slow: boolean
}

export type RouteSort = 'requestsPerSecond' | 'p95Ms' | 'errorPercent'

function keyOf(labels: Readonly<Record<string, string>>): string {
  return [labels.service ?? '', labels.method ?? '', labels.route ?? ''].join('\n')
}

function totalsBy(answer: MetricAnswer | undefined, aggregate: string): Map<string, number> {
  const totals = new Map<string, number>()
  for (const group of answer?.groups ?? []) {
    const total = group.totals[aggregate]
    if (total !== null && total !== undefined) totals.set(keyOf(group.labels), total)
  }
  return totals
}

/**
 * One row a route from three answers over the same range. The rate is over the time from the first request to the end of
 * what is complete: neither what has not happened yet nor the time before there were logs dilutes it.
 */
export function routeRows(
  requests: MetricAnswer,
  durations: MetricAnswer | undefined,
  errors: MetricAnswer | undefined,
  anomalies: readonly Anomaly[],
): RouteRow[] {
  const p95 = totalsBy(durations, 'p95')
  const failed = totalsBy(errors, 'count')
  const toMs = requests.fromMs + requests.steps * requests.stepMs
  const firstMs = requests.fromMs + firstStep(requests) * requests.stepMs
  const passedMs = Math.max(Math.min(toMs, requests.completeToMs ?? toMs) - firstMs, requests.stepMs)
  return requests.groups.map((group) => {
    const key = keyOf(group.labels)
    const { service = '', method = '', route = '' } = group.labels
    const count = group.totals.count ?? 0
    return {
      key,
      service,
      method,
      route,
      requestsPerSecond: count / (passedMs / 1000),
      p95Ms: p95.get(key),
      errorPercent: count > 0 ? ((failed.get(key) ?? 0) / count) * 100 : 0,
      slow: anomalies.some((anomaly) => isSlow(anomaly, service, route)),
    }
  })
}

/** The first step in which any group has a value. */
function firstStep(answer: MetricAnswer): number {
  const firsts = answer.groups.map((group) => group.columns.count?.findIndex((value) => value !== null) ?? -1)
  return Math.min(...firsts.filter((step) => step >= 0), answer.steps)
}

function isSlow(anomaly: Anomaly, service: string, route: string): boolean {
  if (anomaly.metric !== DURATION || anomaly.labels.service !== service) return false
  return anomaly.labels.route === undefined || anomaly.labels.route === route
}

/** Largest first; more requests first among equals, so that an order by errors is still useful when there are none. */
export function sortRoutes(rows: readonly RouteRow[], by: RouteSort): RouteRow[] {
  return rows.toSorted(
    (a, b) => (b[by] ?? -1) - (a[by] ?? -1) || b.requestsPerSecond - a.requestsPerSecond || a.key.localeCompare(b.key),
  )
}

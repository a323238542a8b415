import type { Anomaly, MetricAnswer, MetricGroup } from '../../api/answers.ts'
import { type ChartData, columnOf } from '../../charts/chart-data.ts'
import { usualBand } from '../../charts/usual-band.ts'
import type { Tokens } from '../../theme/tokens.ts'
import { periodOf } from './period.ts'

export const DURATION = 'http.server.duration'

/** Quantiles of one service on a log scale, with what is usual for p95 from the windows before each. */
export function latencyData(answer: MetricAnswer, spanMs: number, tokens: Tokens): ChartData {
  const { firstStep, completeSteps } = periodOf(answer, spanMs)
  const group: MetricGroup = answer.groups[0] ?? { labels: {}, totals: {}, columns: {} }
  const p95 = columnOf(answer, group, 'p95')
  const band = usualBand(p95.map((value, step) => (step < completeSteps ? value : null)))
  const quantile = (name: 'p50' | 'p95' | 'p99') => ({
    key: name,
    name,
    colour: tokens.quantiles[name],
    values: columnOf(answer, group, name).slice(firstStep),
    weight: name === 'p95' ? ('main' as const) : ('context' as const),
  })
  return {
    kind: 'lines',
    scale: 'log',
    unit: 'ms',
    fromMs: answer.fromMs + firstStep * answer.stepMs,
    stepMs: answer.stepMs,
    steps: answer.steps - firstStep,
    completeToMs: answer.completeToMs,
    series: [quantile('p99'), quantile('p95'), quantile('p50')],
    band: { name: 'p95 usual', low: band.low.slice(firstStep), high: band.high.slice(firstStep) },
  }
}

/** What the band says last, ms; undefined while it says nothing. */
export function usualNow(data: ChartData): { low: number; high: number } | undefined {
  const low = data.band?.low.findLast((value) => value !== null)
  const high = data.band?.high.findLast((value) => value !== null)
  return low === undefined || low === null || high === undefined || high === null ? undefined : { low, high }
}

/** The service that a first look should show: that of the newest slow spell, or else the one with most requests. */
export function serviceToShow(anomalies: readonly Anomaly[], requests: MetricAnswer | undefined): string | undefined {
  const slow = anomalies.find((anomaly) => anomaly.metric === DURATION && anomaly.labels.service)
  return slow?.labels.service ?? servicesByRequests(requests)[0]
}

/** Services with HTTP requests, most first. */
export function servicesByRequests(requests: MetricAnswer | undefined): string[] {
  const totals = new Map<string, number>()
  for (const group of requests?.groups ?? []) {
    const service = group.labels.service ?? ''
    totals.set(service, (totals.get(service) ?? 0) + (group.totals.count ?? 0))
  }
  return [...totals].toSorted((a, b) => b[1] - a[1]).map(([service]) => service)
}

import type { AggregateName } from '../metrics/aggregate.ts'
import type { Series } from '../metrics/series.ts'

export interface Finding {
  readonly series: Series
  readonly aggregate: AggregateName
  readonly value: number
  readonly expected: { readonly low: number; readonly high: number }
  readonly resolutionMs: number
}

type Format = (value: number) => string

/** One sentence for people, such as `checkout POST /api/orders: p95 1.8 s, expected 180–240 ms`. */
export function wordFinding(finding: Finding): string {
  const { series, value, resolutionMs } = finding
  const where = whereOf(series)
  switch (series.metric) {
    case 'logs.count': {
      const lines = `${series.labels.severity ?? ''} lines`.trim()
      const window = `in ${resolutionMs / 1000} s`
      if (value === 0) return `${where} went quiet: no ${lines} ${window}, expected ${range(finding, count)}`
      return `${where}: ${count(value)} ${lines} ${window}, expected ${range(finding, count)}`
    }
    case 'http.server.error_share':
      return `${where}: ${share(value)} of requests failed, expected ${range(finding, share)}`
    case 'http.server.duration':
      return `${where}: ${finding.aggregate} ${duration(value)}, expected ${range(finding, duration)}`
    default:
      return `${where}: ${series.metric} ${finding.aggregate} ${count(value)}, expected ${range(finding, count)}`
  }
}

function whereOf({ labels }: Series): string {
  return [labels.service, labels.method, labels.route].filter(Boolean).join(' ') || 'all services'
}

/** `180–240 ms`: the unit is written once where both ends have it. */
function range({ expected: { low, high } }: Finding, format: Format): string {
  const [from, to] = [format(low), format(high)]
  if (from === to) return to
  const [number, unit] = from.split(' ')
  return unit !== undefined && to.endsWith(` ${unit}`) ? `${number}–${to}` : `${from}–${to}`
}

function duration(ms: number): string {
  if (ms < 1_000) return `${round(ms, ms < 10 ? 1 : 0)} ms`
  if (ms < 60_000) return `${round(ms / 1_000, 1)} s`
  return `${round(ms / 60_000, 1)} min`
}

function share(part: number): string {
  const percent = part * 100
  return `${round(percent, percent < 10 ? 1 : 0)} %`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function round(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}

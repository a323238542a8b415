import type { Anomaly } from '../api/answers.ts'
import { formatQuantity, formatTimes } from '../format/number.ts'

/** The unit of what an anomaly's metric measures. */
export function unitOf(anomaly: Pick<Anomaly, 'metric' | 'aggregate'>): string {
  if (anomaly.aggregate === 'rate') return '/s'
  if (anomaly.aggregate === 'count') return '1'
  if (anomaly.metric.endsWith('.duration')) return 'ms'
  return anomaly.metric.endsWith('.bytes') ? 'By' : '1'
}

/** 180 ms – 240 ms */
export function expectedText(anomaly: Anomaly): string {
  const unit = unitOf(anomaly)
  return `${formatQuantity(anomaly.expected.low, unit)} – ${formatQuantity(anomaly.expected.high, unit)}`
}

/** 8.6× expected, below expected; against the middle of what was expected. */
export function deviationText(anomaly: Anomaly): string {
  const middle = (anomaly.expected.low + anomaly.expected.high) / 2
  if (anomaly.value < anomaly.expected.low) return 'below expected'
  return middle > 0 ? `${formatTimes(anomaly.value, middle)} expected` : 'none expected'
}

export interface Gauge {
  /** Shares of the bar, 0..1. */
  readonly low: number
  readonly high: number
  readonly value: number
}

/** Expected and seen on one bar from zero to the larger of both. */
export function gaugeOf(anomaly: Anomaly): Gauge {
  const top = Math.max(anomaly.value, anomaly.expected.high) * 1.02 || 1
  const share = (value: number) => Math.min(Math.max(value / top, 0), 1)
  return { low: share(anomaly.expected.low), high: share(anomaly.expected.high), value: share(anomaly.value) }
}

import { describe, expect, it } from 'vitest'
import type { Anomaly } from '../../api/answers.ts'
import { metricName, selectAnomalies, subjectOf } from './select-anomalies.ts'

function anomaly(metric: string, severity: 'warn' | 'error'): Anomaly {
  return {
    id: `${metric} ${severity}`,
    metric,
    labels: {},
    aggregate: 'count',
    resolutionMs: 10_000,
    startMs: 0,
    value: 1,
    expected: { low: 0, high: 0 },
    score: 5,
    severity,
    detector: 'z-score',
    reason: '',
  }
}

describe('anomalies chosen', () => {
  const all = [anomaly('logs.count', 'warn'), anomaly('logs.count', 'error'), anomaly('http.server.duration', 'error')]

  it.each([
    ['all without filters', undefined, undefined, 3],
    ['by metric', 'logs.count', undefined, 2],
    ['errors alone', undefined, 'error', 2],
    ['both', 'logs.count', 'error', 1],
  ] as const)('%s', (_, metric, level, count) => {
    expect(selectAnomalies(all, metric, level)).toHaveLength(count)
  })

  it('by service', () => {
    const [first, ...others] = all as [Anomaly, ...Anomaly[]]
    const ofCheckout = { ...first, labels: { service: 'checkout' } }
    expect(selectAnomalies([ofCheckout, ...others], undefined, undefined, 'checkout')).toEqual([ofCheckout])
  })

  it('are named plainly', () => {
    expect(metricName('http.server.duration')).toBe('Latency')
    expect(metricName('my.metric')).toBe('my.metric')
    expect(subjectOf({ service: 'checkout', route: '/api/orders', method: 'POST' })).toBe('POST /api/orders')
    expect(subjectOf({ service: 'checkout', severity: 'error' })).toBe('error')
    expect(subjectOf({ service: 'checkout' })).toBe('')
  })
})

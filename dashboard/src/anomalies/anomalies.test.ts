import { describe, expect, it } from 'vitest'
import type { Anomaly } from '../api/answers.ts'
import { deviationText, expectedText, gaugeOf, unitOf } from './expectation.ts'
import { chartsOf, linesOf } from './lines-of.ts'

const SLOW: Anomaly = {
  id: 'a',
  metric: 'http.server.duration',
  labels: { service: 'checkout', route: '/api/orders', method: 'POST' },
  aggregate: 'p95',
  resolutionMs: 10_000,
  startMs: 1_000_000,
  value: 1_800,
  expected: { low: 180, high: 240 },
  score: 9,
  severity: 'error',
  detector: 'z-score',
  reason: 'checkout p95 1.8 s, expected 180–240 ms',
}

describe('the way to the lines', () => {
  it('is the window with five minutes around it, and the service', () => {
    expect(linesOf(SLOW)).toEqual({ to: '/logs', search: { from: 700_000, to: 1_310_000, services: ['checkout'] } })
  })

  it('asks for errors where errors were counted', () => {
    expect(linesOf({ ...SLOW, metric: 'http.server.errors' }).search.severity).toBe('error')
    expect(linesOf({ ...SLOW, metric: 'logs.count', labels: { service: 'x', severity: 'warn' } }).search.severity).toBe(
      'warn',
    )
  })

  it('has no service where the series has none', () => {
    expect(linesOf({ ...SLOW, labels: {} }).search).not.toHaveProperty('services')
    expect(chartsOf({ ...SLOW, labels: {} }).search).not.toHaveProperty('latency')
  })
})

describe('expected and seen', () => {
  it.each([
    ['a quantile of durations', SLOW, 'ms'],
    ['a count of durations', { ...SLOW, aggregate: 'count' }, '1'],
    ['a rate', { ...SLOW, aggregate: 'rate' }, '/s'],
    ['bytes', { ...SLOW, metric: 'http.server.bytes', aggregate: 'sum' }, 'By'],
  ])('%s has its unit', (_, anomaly, unit) => {
    expect(unitOf(anomaly)).toBe(unit)
  })

  it('is said in numbers for people', () => {
    expect(expectedText(SLOW)).toBe('180\u00a0ms – 240\u00a0ms')
    expect(deviationText(SLOW)).toBe('8.6× expected')
    expect(deviationText({ ...SLOW, value: 10 })).toBe('below expected')
    expect(deviationText({ ...SLOW, expected: { low: 0, high: 0 } })).toBe('none expected')
  })

  it('lies on one bar', () => {
    const gauge = gaugeOf(SLOW)
    expect(gauge.value).toBeGreaterThan(0.9)
    expect(gauge.low).toBeLessThan(gauge.high)
    expect(gaugeOf({ ...SLOW, value: 0, expected: { low: 0, high: 0 } })).toEqual({ low: 0, high: 0, value: 0 })
  })
})

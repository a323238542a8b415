import { describe, expect, it } from 'vitest'
import { wordFinding } from './wording.ts'

const ORDERS = { service: 'checkout', method: 'POST', route: '/api/orders' }

describe('the reason of an anomaly', () => {
  it.each([
    [
      'http.server.duration',
      ORDERS,
      1_800,
      { low: 180, high: 240 },
      'checkout POST /api/orders: p95 1.8 s, expected 180–240 ms',
    ],
    [
      'http.server.duration',
      ORDERS,
      90_000,
      { low: 800, high: 1_240 },
      'checkout POST /api/orders: p95 1.5 min, expected 800 ms–1.2 s',
    ],
    [
      'http.server.error_share',
      ORDERS,
      0.121,
      { low: 0, high: 0.012 },
      'checkout POST /api/orders: 12 % of requests failed, expected 0–1.2 %',
    ],
    [
      'logs.count',
      { service: 'shop-api', severity: 'info' },
      0,
      { low: 180.4, high: 1_240.2 },
      'shop-api went quiet: no info lines in 10 s, expected 180–1,240',
    ],
    [
      'logs.count',
      { service: 'payments', severity: 'error' },
      41,
      { low: 0, high: 0 },
      'payments: 41 error lines in 10 s, expected 0',
    ],
    ['queue.depth', {}, 7, { low: 1, high: 2 }, 'all services: queue.depth p95 7, expected 1–2'],
  ])('of %s reads well', (metric, labels, value, expected, sentence) => {
    const series = { metric, labels }
    expect(wordFinding({ series, aggregate: 'p95', value, expected, resolutionMs: 10_000 })).toBe(sentence)
  })
})

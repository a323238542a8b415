import { describe, expect, it } from 'vitest'
import type { Attributes, LogRecord } from '../records/log-record.ts'
import { BUILT_IN_METRICS } from './built-in.ts'

function record(attributes: Attributes, severityNumber = 9): LogRecord {
  return { timeMs: 1, observedTimeMs: 1, service: 'checkout', severityNumber, body: '', attributes }
}

const HTTP = {
  'http.response.status_code': 201,
  'http.request.method': 'POST',
  'http.route': '/api/orders',
  duration_ms: 38.5,
  'http.response.body.size': 912,
}

describe('built-in metrics', () => {
  it.each([
    ['a plain line is counted, and is no request', {}, { 'logs.count': 1 }],
    [
      'a request counts everywhere but among the errors',
      HTTP,
      {
        'logs.count': 1,
        'http.server.requests': 1,
        'http.server.duration': 38.5,
        'http.server.bytes': 912,
        'http.server.error_share': 0,
      },
    ],
    [
      'status 499 is no error',
      { 'http.response.status_code': 499 },
      { 'logs.count': 1, 'http.server.requests': 1, 'http.server.error_share': 0 },
    ],
    [
      'status 500 is an error',
      { 'http.response.status_code': 500 },
      { 'logs.count': 1, 'http.server.requests': 1, 'http.server.errors': 1, 'http.server.error_share': 1 },
    ],
    [
      'a status as text is read',
      { 'http.response.status_code': '503' },
      { 'logs.count': 1, 'http.server.requests': 1, 'http.server.errors': 1, 'http.server.error_share': 1 },
    ],
    [
      'a status that is none is left out as not a number',
      { 'http.response.status_code': 'ok' },
      { 'logs.count': 1, 'http.server.requests': Number.NaN, 'http.server.error_share': Number.NaN },
    ],
    [
      'a duration that is text is left out as not a number',
      { 'http.response.status_code': 200, duration_ms: 'fast' },
      {
        'logs.count': 1,
        'http.server.requests': 1,
        'http.server.duration': Number.NaN,
        'http.server.error_share': 0,
      },
    ],
    ['a duration of something else than a request is not of the server', { duration_ms: 5 }, { 'logs.count': 1 }],
  ])('%s', (_sentence, attributes: Attributes, expected) => {
    const values = BUILT_IN_METRICS.map((metric) => [metric.name, metric.valueOf(record(attributes))] as const)
    expect(Object.fromEntries(values.filter(([, value]) => value !== undefined))).toEqual(expected)
  })

  it('labels a request by service, route, method and the full status', () => {
    const labels = BUILT_IN_METRICS.map((metric) => {
      const values = metric.labelValues(record(HTTP, 17))
      return metric.labelNames.map((name, i) => `${name}=${values[i]}`).join(' ')
    })
    expect(new Set(labels)).toEqual(
      new Set([
        'service=checkout severity=error',
        'service=checkout route=/api/orders method=POST status=201',
        'service=checkout route=/api/orders method=POST',
      ]),
    )
  })

  it('has a value for each label, whatever the record lacks', () => {
    for (const metric of BUILT_IN_METRICS) {
      expect(metric.labelValues(record({})).length, metric.name).toBe(metric.labelNames.length)
    }
  })
})

import { WeirError } from '@weir/core'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { MetricCatalog } from '../schemas/catalog.ts'
import { LogLine } from '../schemas/query.ts'
import { NOW_MS } from '../testing/memory-weir.ts'
import { startApp } from '../testing/start-app.ts'

const RECORD = {
  timeMs: NOW_MS,
  timeNanos: 12,
  observedTimeMs: NOW_MS + 1,
  service: 'shop',
  severityNumber: 13,
  body: 'slow',
  traceId: 'ab',
  attributes: { 'http.route': '/', n: [1, null] },
}

describe('the catalogue', () => {
  it('lists every metric with its labels and how many series it has', async () => {
    const { app } = await startApp()
    const response = await app.inject('/api/metrics')
    expect(Check(MetricCatalog, response.json())).toBe(true)
    expect(response.json<MetricCatalog>().metrics).toMatchObject([
      { name: 'logs.count', unit: '1', kind: 'count', labelNames: ['service', 'severity'], series: 7 },
      { name: 'http.server.duration', unit: 'ms', kind: 'distribution', series: 0 },
    ])
  })

  it.each([
    ['all values', '', ['cart', 'checkout', 'shop-api']],
    ['at most so many', '?limit=2', ['cart', 'checkout']],
  ])('lists the values of a label: %s', async (_, query, names) => {
    const { app } = await startApp()
    const response = await app.inject(`/api/metrics/logs.count/labels/service/values${query}`)
    expect(response.json()).toEqual({ names })
  })

  it.each([
    ['an unknown metric', '/api/metrics/no.such/labels/service/values', 404, 'There is no metric "no.such".'],
    [
      'an unknown label',
      '/api/metrics/logs.count/labels/pod/values',
      404,
      'logs.count has no label "pod"; it has service, severity.',
    ],
    ['limit 0', '/api/metrics/logs.count/labels/service/values?limit=0', 400, 'querystring/limit must be >= 1.'],
    [
      'limit 1001',
      '/api/metrics/logs.count/labels/service/values?limit=1001',
      400,
      'querystring/limit must be <= 1000.',
    ],
    [
      'a limit that is no number',
      '/api/metrics/logs.count/labels/service/values?limit=x',
      400,
      'querystring/limit must be integer.',
    ],
    [
      'an unknown parameter',
      '/api/metrics/logs.count/labels/service/values?max=1',
      400,
      'querystring has a field that is not known: max.',
    ],
  ])('refuses %s', async (_, url, status, message) => {
    const { app } = await startApp()
    const response = await app.inject(url)
    expect([response.statusCode, response.json().message]).toEqual([status, message])
  })

  it('lists the services', async () => {
    const { app, weir } = await startApp()
    weir.logStore.logs = [{ id: 'line-1', record: RECORD }]
    expect((await app.inject('/api/services')).json()).toEqual({ names: ['shop'] })
  })

  it.each(['/api/services', '/api/metrics'])('%s says so when its store fails', async (url) => {
    const { app, weir } = await startApp()
    const fail = () => Promise.reject(new WeirError('WEIR_STORE_FAILED', 'The disk is full.'))
    weir.logStore.services = fail
    weir.metricStore.metrics = fail
    const response = await app.inject(url)
    expect([response.statusCode, response.json()]).toEqual([
      503,
      { code: 'WEIR_STORE_FAILED', message: 'The disk is full.' },
    ])
  })
})

describe('GET /api/logs/:id', () => {
  it('gives the line', async () => {
    const { app, weir } = await startApp()
    weir.logStore.logs = [{ id: 'line/1', record: RECORD }]
    const response = await app.inject(`/api/logs/${encodeURIComponent('line/1')}`)
    expect(Check(LogLine, response.json())).toBe(true)
    expect(response.json()).toEqual({ ...RECORD, id: 'line/1', severity: 'warn' })
  })

  it('404 for one that is not there', async () => {
    const { app } = await startApp()
    const response = await app.inject('/api/logs/nope')
    expect([response.statusCode, response.json().code]).toEqual([404, 'WEIR_NOT_FOUND'])
  })
})

import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { Health, Readiness } from '../schemas/operations.ts'
import { startApp } from '../testing/start-app.ts'

describe('operations', () => {
  it('health: up, with versions', async () => {
    const { app } = await startApp()
    const response = await app.inject('/health')
    expect(Check(Health, response.json())).toBe(true)
    expect(response.json()).toMatchObject({ status: 'ok', node: process.version })
  })

  it('metrics: the text of Prometheus as it is handed in', async () => {
    const { app } = await startApp()
    const response = await app.inject('/metrics')
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(response.body).toBe('weir_up 1\n')
  })

  it('ready: every role runs and every store answers', async () => {
    const { app } = await startApp()
    const response = await app.inject('/ready')
    expect([response.statusCode, response.json()]).toEqual([200, { ready: true, reasons: [] }])
  })

  it('not ready: says each reason', async () => {
    const { app, weir } = await startApp()
    weir.roleStates = [
      { role: 'indexer', state: 'degraded', detail: 'disk full', counters: {} },
      { role: 'ingest', state: 'starting', counters: {} },
    ]
    weir.logStore.services = () => Promise.reject(new Error('file is damaged'))
    const response = await app.inject('/ready')
    expect(response.statusCode).toBe(503)
    expect(Check(Readiness, response.json())).toBe(true)
    expect(response.json<Readiness>()).toEqual({
      ready: false,
      reasons: ['log store: file is damaged', 'roles: indexer is degraded (disk full), ingest is starting'],
    })
  })

  it('not ready: a store that does not answer is given up', async () => {
    const { app, weir } = await startApp()
    weir.documentStore.list = () => new Promise(() => {})
    const response = await app.inject('/ready')
    expect([response.statusCode, response.json().reasons]).toEqual([503, ['document store: no answer within 2000 ms']])
  })

  it.each(['/api', '/api/', '/api/none', '/api/metrics/x', '/none'])('404 as JSON for %s', async (url) => {
    const { app } = await startApp()
    const response = await app.inject(url)
    const message = `There is nothing at GET ${url}.`
    expect([response.statusCode, response.json()]).toEqual([404, { code: 'WEIR_NOT_FOUND', message }])
  })
})

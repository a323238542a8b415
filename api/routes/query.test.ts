import { WeirError } from '@weir/core'
import { Check } from 'typebox/value'
import { describe, expect, it, vi } from 'vitest'
import { type Answer, type Query, QueryResponse } from '../schemas/query.ts'
import { emptyResult } from '../testing/memory-stores.ts'
import { NOW_MS } from '../testing/memory-weir.ts'
import { startApp } from '../testing/start-app.ts'

const range = { lastMs: 60_000 }
const COUNT: Query = { id: 'a', type: 'metric', range, metric: 'logs.count', aggregates: ['count'] }
const LOGS: Query = { id: 'l', type: 'logs', range }
const ANOMALIES: Query = { id: 'x', type: 'anomalies', range }
const ANNOTATIONS: Query = { id: 'n', type: 'annotations', range }
const LINE = { id: 'line-1', record: logRecord('payment timed out', 17) }

function logRecord(body: string, severityNumber: number) {
  return { timeMs: NOW_MS - 1_000, observedTimeMs: NOW_MS, service: 'shop', severityNumber, body, attributes: { n: 1 } }
}

async function ask(app: Awaited<ReturnType<typeof startApp>>['app'], queries: unknown) {
  const response = await app.inject({ method: 'POST', url: '/api/query', payload: { queries } })
  return { response, answers: response.json<{ answers: Answer[] }>().answers }
}

describe('POST /api/query', () => {
  it('answers one query of each type, in their order, in the form of the schema', async () => {
    const { app, weir } = await startApp()
    weir.logStore.logs = [LINE]
    weir.metricStore.answer = async (query) => ({
      ...emptyResult(query),
      groups: [
        { labels: { service: 'shop' }, totals: { count: 3 }, columns: { count: [1, null, 2, null, null, null] } },
      ],
    })
    const { response, answers } = await ask(app, [LOGS, COUNT, ANNOTATIONS, ANOMALIES])
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(Check(QueryResponse, response.json())).toBe(true)
    expect(answers.map(({ id, type }) => [id, type])).toEqual([
      ['l', 'logs'],
      ['a', 'metric'],
      ['n', 'annotations'],
      ['x', 'anomalies'],
    ])
    expect(answers[0]).toMatchObject({ logs: [{ id: 'line-1', severity: 'error', body: 'payment timed out' }] })
    expect(answers[1]).toMatchObject({ unit: '1', steps: 6, completeToMs: null, groups: [{ totals: { count: 3 } }] })
  })

  it('a failing store fails its own query and the others stand', async () => {
    const { app, weir } = await startApp()
    weir.logStore.search = () => Promise.reject(new WeirError('WEIR_STORE_FAILED', 'The disk is full.'))
    weir.metricStore.answer = () => Promise.reject(new TypeError('secret internals'))
    const { answers } = await ask(app, [LOGS, COUNT, ANOMALIES])
    expect(answers[0]).toEqual({ id: 'l', type: 'error', code: 'WEIR_STORE_FAILED', message: 'The disk is full.' })
    expect(answers[1]).toMatchObject({ id: 'a', type: 'error', code: 'WEIR_INTERNAL' })
    expect(answers[2]).toEqual({ id: 'x', type: 'anomalies', anomalies: [] })

    const { message } = answers[1] as { message: string }
    expect(message).not.toContain('secret')
    const [errorId] = message.match(/[0-9a-f-]{36}/)!
    expect(weir.logged.some((line) => line.includes(errorId) && line.includes('secret internals'))).toBe(true)
  })

  it('a query that can not be meant fails alone, with the reason', async () => {
    const { app } = await startApp()
    const { answers } = await ask(app, [
      { ...COUNT, metric: 'no.such' },
      { ...LOGS, text: '"open' },
      { ...ANOMALIES, range: { fromMs: 2, toMs: 1 } },
      ANNOTATIONS,
    ])
    expect(answers.map((answer) => ('code' in answer ? answer.code : answer.type))).toEqual([
      'WEIR_QUERY_INVALID',
      'WEIR_QUERY_INVALID',
      'WEIR_QUERY_INVALID',
      'annotations',
    ])
  })

  it('a store that does not answer in time fails its query alone', async () => {
    const { app, weir } = await startApp({ limits: { queryTimeoutMs: 20 } })
    weir.metricStore.answer = () => new Promise(() => {})
    const { answers } = await ask(app, [COUNT, ANOMALIES])
    expect(answers[0]).toMatchObject({ code: 'WEIR_QUERY_TOO_COSTLY', message: /within 20 ms/ })
    expect(answers[1]).toMatchObject({ type: 'anomalies' })
  })

  it.each([
    ['malformed JSON', 'application/json', '{"queries"', 400, 'WEIR_QUERY_INVALID'],
    ['no body', 'application/json', '', 400, 'WEIR_QUERY_INVALID'],
    ['a wrong field', 'application/json', '{"queries":[{"type":"logs","id":"a"}]}', 400, 'WEIR_QUERY_INVALID'],
    ['a body that a form of any page could send', 'text/plain', '{"queries":[]}', 415, 'WEIR_QUERY_INVALID'],
    ['a body over the bound', 'application/json', `"${'x'.repeat(1024 * 1024)}"`, 413, 'WEIR_RECORD_TOO_LARGE'],
  ])('refuses %s', async (_, type, payload, status, code) => {
    const { app } = await startApp()
    const response = await app.inject({ method: 'POST', url: '/api/query', headers: { 'content-type': type }, payload })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toEqual({ code, message: expect.any(String) })
  })

  it('is complete up to the watermark, capped at the end of the range', async () => {
    const { app, weir } = await startApp()
    weir.mark(NOW_MS - 5_000)
    const old = { ...COUNT, id: 'old', range: { fromMs: 0, toMs: 600_000 } }
    await vi.waitFor(async () => {
      const { answers } = await ask(app, [COUNT, old])
      expect(answers).toMatchObject([{ completeToMs: NOW_MS - 5_000 }, { completeToMs: 600_000 }])
    })
  })

  it('computes the same query once, in flight and until the next progress mark', async () => {
    const { app, weir, counters } = await startApp()
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(app, [{ ...COUNT, id: `q${i}` }])))
    await ask(app, [COUNT])
    expect(weir.metricStore.queries).toBe(1)

    const { marks } = counters()
    weir.mark(NOW_MS)
    await vi.waitFor(() => expect(counters().marks).toBe(marks! + 1))
    await ask(app, [COUNT])
    await ask(app, [COUNT])
    expect(weir.metricStore.queries).toBe(2)
  })

  it('sees log lines as soon as the indexer has committed them', async () => {
    const { app, weir } = await startApp()
    await ask(app, [LOGS])
    weir.logStore.logs = [LINE]
    weir.broker.setCommitted('indexer', 'logs', { 0: 1 })
    await vi.waitFor(async () =>
      expect((await ask(app, [LOGS])).answers[0]).toMatchObject({ logs: [{ id: 'line-1' }] }),
    )
  })

  it('does not keep a failure', async () => {
    const { app, weir } = await startApp()
    const { answer } = weir.metricStore
    weir.metricStore.answer = () => Promise.reject(new WeirError('WEIR_STORE_FAILED', 'busy'))
    await ask(app, [COUNT])
    weir.metricStore.answer = answer
    expect((await ask(app, [COUNT])).answers[0]).toMatchObject({ type: 'metric' })
  })
})

describe('GET /api/query', () => {
  const url = `/api/query?queries=${encodeURIComponent(JSON.stringify({ queries: [COUNT] }))}`

  it('gives the same answers, and 304 to who has them', async () => {
    const { app } = await startApp()
    const first = await app.inject(url)
    const posted = await ask(app, [COUNT])
    expect(first.json()).toEqual(posted.response.json())
    expect(first.headers.etag).toBe(posted.response.headers.etag)

    const again = await app.inject({ url, headers: { 'if-none-match': `"other", ${first.headers.etag}` } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    const other = await app.inject({ url, headers: { 'if-none-match': 'W/"other"' } })
    expect(other.statusCode).toBe(200)
  })

  it.each(['/api/query', '/api/query?queries=%7B', '/api/query?queries=%7B%7D&x=1'])('refuses %s', async (bad) => {
    const { app } = await startApp()
    const response = await app.inject(bad)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'WEIR_QUERY_INVALID' })
  })
})

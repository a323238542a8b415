import { connect } from 'node:net'
import { WeirError } from '@weir/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ApiLimits } from '../limits.ts'
import type { Query } from '../schemas/query.ts'
import { liveUrl, openLive } from '../testing/event-stream.ts'
import { emptyResult } from '../testing/memory-stores.ts'
import { MemoryWeir, NOW_MS } from '../testing/memory-weir.ts'
import { startApp } from '../testing/start-app.ts'

const range = { lastMs: 60_000 }
const COUNT: Query = { id: 'a', type: 'metric', range, metric: 'logs.count', aggregates: ['count'] }
const LOGS: Query = { id: 'l', type: 'logs', range }

async function listen(limits: Partial<ApiLimits> = {}) {
  const weir = new MemoryWeir()
  let total = 0
  const padding = { text: '' }
  weir.metricStore.answer = async (query) => ({
    ...emptyResult(query),
    groups: [{ labels: { padding: padding.text }, totals: { count: total }, columns: { count: [total] } }],
  })
  const api = await startApp({ weir, limits: { tickMs: 50, ...limits } })
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = api.app.server.address() as { port: number }
  /** A new total, and the mark that tells of it. */
  const advance = (to: number) => {
    total = to
    weir.nowMs++
    weir.mark(NOW_MS + to)
  }
  return { ...api, weir, advance, padding, port, base: `http://127.0.0.1:${port}` }
}

function totals(stream: Awaited<ReturnType<typeof openLive>>): unknown[] {
  return stream.answers().flatMap((answer) => (answer.type === 'metric' ? answer.groups[0]!.totals.count : []))
}

describe('GET /api/live', () => {
  it('sends all answers and the progress at once, then each change', async () => {
    const { base, advance } = await listen()
    const stream = await openLive(liveUrl(base, [COUNT, LOGS]))
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    await vi.waitFor(() =>
      expect(
        stream
          .answers()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(['a', 'l']),
    )
    expect(stream.events.some(({ event }) => event === 'progress')).toBe(true)

    advance(7)
    await vi.waitFor(() => expect(totals(stream)).toEqual([0, 7]))
    await vi.waitFor(() => {
      const progress = stream.events.findLast(({ event }) => event === 'progress')!
      expect(JSON.parse(progress.data)).toEqual({ completeToMs: NOW_MS + 7, nowMs: NOW_MS + 1 })
    })
  })

  it('sends an answer only if it changed', async () => {
    const { base, advance, counters, weir } = await listen()
    const old: Query = { ...COUNT, range: { fromMs: 0, toMs: 600_000 } }
    const stream = await openLive(liveUrl(base, [old]))
    advance(1)
    await vi.waitFor(() => expect(totals(stream)).toContain(1))
    const sent = stream.answers().length
    const { queries } = weir.metricStore
    const computed = counters().queries_computed
    advance(1)
    await vi.waitFor(() => expect(weir.metricStore.queries).toBe(queries + 1))
    advance(2)
    await vi.waitFor(() => expect(totals(stream).at(-1)).toBe(2))
    expect(stream.answers()).toHaveLength(sent + 1)
    expect(counters().queries_computed).toBeGreaterThan(computed!)
  })

  it('computes a query once for 100 clients, each under its own id', async () => {
    const { base, advance, weir, counters } = await listen()
    const ids = Array.from({ length: 100 }, (_, i) => `client-${i}`)
    const streams = await Promise.all(ids.map((id) => openLive(liveUrl(base, [{ ...COUNT, id }]))))
    await vi.waitFor(() => expect(streams.every((stream) => stream.answers().length > 0)).toBe(true))
    expect(weir.metricStore.queries).toBe(1)
    expect(counters()).toMatchObject({ live_connections: 100, live_queries: 1 })

    advance(5)
    await vi.waitFor(() => expect(streams.every((stream) => totals(stream).at(-1) === 5)).toBe(true), 5_000)
    expect(weir.metricStore.queries).toBe(2)
    expect(streams.map((stream) => stream.answers().at(-1)!.id)).toEqual(ids)
  })

  it('asks the stores nothing while no mark arrives', async () => {
    const { base, weir, advance } = await listen({ tickMs: 5 })
    const stream = await openLive(liveUrl(base, [COUNT]))
    advance(1)
    await vi.waitFor(() => expect(totals(stream).at(-1)).toBe(1))
    const { queries } = weir.metricStore
    const { searches } = weir.logStore
    const second = await openLive(liveUrl(base, [{ ...COUNT, id: 'b' }]))
    await vi.waitFor(() => expect(second.answers()).toHaveLength(1))
    expect([weir.metricStore.queries, weir.logStore.searches]).toEqual([queries, searches])
  })

  it('moves a relative range on with the clock, without a mark', async () => {
    const { base, weir } = await listen()
    const stream = await openLive(liveUrl(base, [COUNT]))
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(1))
    weir.nowMs += 10_000
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(2))
    const [first, second] = stream.answers() as { fromMs: number }[]
    expect(second!.fromMs - first!.fromMs).toBe(10_000)
  })

  it('sends new log lines once the indexer has committed them', async () => {
    const { base, weir } = await listen()
    const stream = await openLive(liveUrl(base, [LOGS]))
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(1))
    const record = {
      timeMs: NOW_MS,
      observedTimeMs: NOW_MS,
      service: 's',
      severityNumber: 9,
      body: 'hi',
      attributes: {},
    }
    weir.logStore.logs = [{ id: 'line-1', record }]
    weir.broker.setCommitted('indexer', 'logs', { 0: 1 })
    await vi.waitFor(() => expect(stream.answers().at(-1)).toMatchObject({ logs: [{ id: 'line-1' }] }), 3_000)
  })

  it('a failing query sends its failure, recovers by itself, and the others stand', async () => {
    const { base, weir } = await listen()
    const { search } = weir.logStore
    weir.logStore.search = () => Promise.reject(new WeirError('WEIR_STORE_FAILED', 'The disk is full.'))
    const stream = await openLive(liveUrl(base, [COUNT, LOGS]))
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(2))
    expect(stream.answers()).toContainEqual({
      id: 'l',
      type: 'error',
      code: 'WEIR_STORE_FAILED',
      message: 'The disk is full.',
    })
    weir.logStore.search = search
    await vi.waitFor(() => expect(stream.answers().at(-1)).toMatchObject({ id: 'l', type: 'logs' }))
  })

  it('who comes back with the last id gets only what changed since', async () => {
    const { base, advance } = await listen()
    const watcher = await openLive(liveUrl(base, [COUNT, LOGS]))
    const first = await openLive(liveUrl(base, [COUNT, LOGS]))
    await vi.waitFor(() => expect(first.answers()).toHaveLength(2))
    await vi.waitFor(() => expect(first.lastId).toBeDefined())
    first.close()
    advance(3)
    await vi.waitFor(() => expect(totals(watcher).at(-1)).toBe(3))

    const back = await openLive(liveUrl(base, [COUNT, LOGS]), { 'last-event-id': first.lastId! })
    await vi.waitFor(() => expect(back.lastId).toBeDefined())
    expect(back.answers().map(({ id }) => id)).toEqual(['a'])
  })

  it.each(['of another process: 0123456789ab-99', 'garbage', '', '-'])('an id %s brings all answers', async (id) => {
    const { base } = await listen()
    const stream = await openLive(liveUrl(base, [COUNT, LOGS]), { 'last-event-id': id })
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(2))
  })

  it('skips a client that does not read forward to the newest answer', async () => {
    const { port, base, advance, padding, counters } = await listen({ maxBufferedBytes: 64 * 1024 })
    padding.text = 'x'.repeat(1024 * 1024)
    const { pathname, search } = new URL(liveUrl(base, [COUNT]))
    const socket = connect({ port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.pause()
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const watcher = await openLive(liveUrl(base, [COUNT]))
    const rounds = 30
    for (let round = 1; round <= rounds; round++) {
      advance(round)
      await vi.waitFor(() => expect(totals(watcher).at(-1)).toBe(round), 5_000)
    }
    expect(counters().live_skipped).toBeGreaterThan(0)

    socket.resume()
    await vi.waitFor(() => expect(text).toContain(`"totals":{"count":${rounds}}`), 10_000)
    const received = [...text.matchAll(/"totals":\{"count":(\d+)\}/g)].map(([, total]) => Number(total))
    expect(received.length).toBeLessThan(rounds)
    expect(received).toEqual([...received].sort((a, b) => a - b))
  }, 30_000)

  it('gives up a client whose socket stays full', async () => {
    const { port, base, advance, padding, counters } = await listen({ maxBufferedBytes: 1_024, stalledMs: 100 })
    padding.text = 'x'.repeat(16 * 1024 * 1024)
    const { pathname, search } = new URL(liveUrl(base, [COUNT]))
    const socket = connect({ port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {
      // Reset by the server, as it should be.
    })
    socket.pause()
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await vi.waitFor(() => expect(counters().live_connections).toBe(1))
    advance(1)
    await vi.waitFor(() => expect(counters().live_connections).toBe(0), 5_000)
  })

  it('a client that leaves ends the work for it', async () => {
    const { base, advance, weir, counters } = await listen()
    const leaving = await openLive(liveUrl(base, [COUNT]))
    const staying = await openLive(liveUrl(base, [LOGS]))
    await vi.waitFor(() => expect([leaving, staying].every((stream) => stream.answers().length === 1)).toBe(true))
    leaving.close()
    await vi.waitFor(() => expect(counters()).toMatchObject({ live_connections: 1, live_queries: 1 }))
    const { queries } = weir.metricStore
    advance(1)
    await vi.waitFor(() => expect(staying.answers().length).toBeGreaterThan(0))
    await vi.waitFor(() => expect(counters().marks).toBe(1))
    expect(weir.metricStore.queries).toBe(queries)
    staying.close()
    await vi.waitFor(() => expect(counters()).toMatchObject({ live_connections: 0, live_queries: 0 }))
  })

  it('a client that leaves before its first answer harms nobody', async () => {
    const { base, weir, counters } = await listen()
    const { answer } = weir.metricStore
    const asked = Promise.withResolvers<void>()
    weir.metricStore.answer = async (query) => {
      await asked.promise
      return answer(query)
    }
    const leaving = await openLive(liveUrl(base, [COUNT]))
    leaving.close()
    await vi.waitFor(() => expect(counters()).toMatchObject({ live_connections: 0 }))
    asked.resolve()
    const next = await openLive(liveUrl(base, [COUNT]))
    await vi.waitFor(() => expect(next.answers()).toHaveLength(1))
  })

  it('keeps silent connections alive by comments', async () => {
    const { base } = await listen({ keepAliveMs: 10 })
    const stream = await openLive(liveUrl(base, [COUNT]))
    await vi.waitFor(() => expect(stream.comments).toBeGreaterThan(1))
  })

  it('refuses connections past its bound with the time to come back', async () => {
    const { base } = await listen({ maxSubscribers: 1 })
    await openLive(liveUrl(base, [COUNT]))
    const refused = await fetch(liveUrl(base, [COUNT]))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await refused.json()).toMatchObject({ code: 'WEIR_OVERLOADED' })
  })

  it.each([
    ['no queries', '/api/live'],
    ['queries that are no JSON', '/api/live?queries=%7B'],
    ['a query of an unknown type', `/api/live?queries=${encodeURIComponent('{"queries":[{"type":"sql"}]}')}`],
  ])('refuses %s', async (_, url) => {
    const { app } = await startApp()
    const response = await app.inject(url)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'WEIR_QUERY_INVALID' })
  })

  it('ends with the server', async () => {
    const { base, app } = await listen()
    const stream = await openLive(liveUrl(base, [COUNT]))
    const startMs = performance.now()
    await app.close()
    await vi.waitFor(() => expect(stream.ended).toBe(true))
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })
})

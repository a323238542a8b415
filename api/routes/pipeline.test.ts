import { DEAD_LETTER_HEADERS, TOPICS } from '@weir/core'
import { Check } from 'typebox/value'
import { describe, expect, it, vi } from 'vitest'
import { PipelineState } from '../schemas/pipeline.ts'
import { MemoryWeir, NOW_MS } from '../testing/memory-weir.ts'
import { startApp } from '../testing/start-app.ts'

async function read(app: Awaited<ReturnType<typeof startApp>>['app']): Promise<PipelineState> {
  const response = await app.inject('/api/pipeline')
  expect(Check(PipelineState, response.json())).toBe(true)
  return response.json()
}

function deadLetter(weir: MemoryWeir, source: string): void {
  weir.broker.put(TOPICS.logsDeadLetter, 0, 'bytes', { [DEAD_LETTER_HEADERS.source]: source })
}

describe('GET /api/pipeline', () => {
  it('of an empty Weir: all zero, complete to nothing', async () => {
    const { app } = await startApp()
    expect(await read(app)).toEqual({
      nowMs: NOW_MS,
      completeToMs: null,
      lagMs: null,
      ingest: null,
      totals: { in: 0, stored: 0, deadLettered: 0, dropped: 0, inFlight: 0 },
      stages: [
        { name: 'combiner', topic: 'logs', lagRecords: 0 },
        { name: 'windower', topic: 'metric-deltas', lagRecords: 0 },
        { name: 'indexer', topic: 'logs', lagRecords: 0 },
      ],
      roles: [{ role: 'indexer', state: 'running', counters: { records_in: 3 } }],
    })
  })

  it('in = stored + dead-lettered + dropped + in flight, with dead letters of both kinds', async () => {
    const { app, weir } = await startApp()
    for (let i = 0; i < 10; i++) weir.broker.put(TOPICS.logs, i % 2, '{}')
    for (let i = 0; i < 4; i++) weir.broker.put(TOPICS.metricDeltas, 0, '')
    weir.broker.setCommitted('indexer', TOPICS.logs, { 0: 4, 1: 3 })
    weir.broker.setCommitted('combiner', TOPICS.logs, { 0: 5, 1: 5 })
    weir.broker.setCommitted('windower', TOPICS.metricDeltas, { 0: 1 })
    deadLetter(weir, 'http')
    deadLetter(weir, 'forward')
    deadLetter(weir, 'logs-0-2')
    // Written, and its commit is still to come.
    deadLetter(weir, 'logs-1-4')
    weir.roleStates = [{ role: 'ingest', state: 'degraded', detail: 'spool full', counters: { dropped: 5 } }]
    weir.mark(NOW_MS - 9_000)

    await vi.waitFor(async () => {
      const state = await read(app)
      expect(state.totals).toEqual({ in: 10 + 2 + 5, stored: 6, deadLettered: 3, dropped: 5, inFlight: 3 })
      expect(state.stages.map(({ lagRecords }) => lagRecords)).toEqual([0, 3, 3])
      expect(state).toMatchObject({ completeToMs: NOW_MS - 9_000, lagMs: 7_000 })
      expect(state.roles).toEqual(weir.roleStates)
    })
  })

  it('goes on counting where the API before it stopped', async () => {
    const weir = new MemoryWeir()
    const first = await startApp({ weir })
    deadLetter(weir, 'http')
    await vi.waitFor(async () => expect((await read(first.app)).totals.deadLettered).toBe(1))
    await first.app.close()

    // What was counted is not read again, even where it is gone by now.
    weir.broker.records(TOPICS.logsDeadLetter)[0]![0] = {
      value: '',
      headers: { [DEAD_LETTER_HEADERS.source]: 'logs-0-0' },
    }
    deadLetter(weir, 'forward')
    const second = await startApp({ weir })
    await vi.waitFor(async () => expect((await read(second.app)).totals).toMatchObject({ in: 2, deadLettered: 2 }))
  })

  it('says where ingest listens once it does', async () => {
    const ingest = { httpUrl: 'http://127.0.0.1:4318', forwardAddress: '127.0.0.1:24224' }
    const { app } = await startApp({ ingest: () => ingest })
    expect((await read(app)).ingest).toEqual(ingest)
  })

  it('says so when the broker fails', async () => {
    const { app, weir } = await startApp()
    weir.broker.failure = new Error('gone')
    const response = await app.inject('/api/pipeline')
    expect(response.statusCode).toBe(500)
    expect(response.json()).toEqual({ code: 'WEIR_INTERNAL', message: expect.stringMatching(/errorId/) })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAnomalyStore, openBroker, openDocumentStore, openLogStore, openMetricStore } from '@weir/adapters/embedded'
import {
  type Anomaly,
  DEAD_LETTER_HEADERS,
  encodeLogRecord,
  type LogRecord,
  RecordBatchBuilder,
  TOPICS,
  type WindowPoint,
} from '@weir/core'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { buildApp } from './app.ts'
import type { PipelineState } from './schemas/pipeline.ts'
import type { Answer } from './schemas/query.ts'
import { liveUrl, openLive } from './testing/event-stream.ts'
import { MemoryWeir, NOW_MS } from './testing/memory-weir.ts'

const { definitions, roles, prometheus } = new MemoryWeir()
const clock = { now: () => NOW_MS }
const WINDOW_MS = Math.floor(NOW_MS / 10_000) * 10_000

/** The API over the embedded adapters in one directory; what a stage would write is written by the test. */
async function openWeir(dir: string) {
  const broker = await openBroker({ dir: join(dir, 'broker') })
  for (const topic of Object.values(TOPICS)) await broker.ensureTopic({ topic, partitions: 2 })
  const stores = {
    metricStore: await openMetricStore({ dir: join(dir, 'metrics') }),
    logStore: await openLogStore({ dir: join(dir, 'logs') }),
    anomalyStore: await openAnomalyStore({ dir: join(dir, 'anomalies') }),
    documentStore: await openDocumentStore({ dir: join(dir, 'documents'), clock }),
  }
  const logger = pino({ level: 'silent' })
  const { app } = await buildApp({ ...stores, broker, definitions, clock, roles, prometheus, logger })
  await app.ready()
  const producer = await broker.producer()
  const close = async () => {
    await app.close()
    await producer.close()
    for (const store of Object.values(stores)) await store.close()
    await broker.close()
  }
  const send = async (topic: string, values: readonly string[], headers?: Record<string, string>) => {
    const batch = new RecordBatchBuilder()
    for (const value of values) batch.appendText(null, value, NOW_MS, headers)
    await producer.send(topic, 0, batch.build())
  }
  return { app, broker, ...stores, send, close }
}

async function temporaryDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'weir-api-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

function record(body: string): LogRecord {
  return { timeMs: NOW_MS - 500, observedTimeMs: NOW_MS, service: 'shop', severityNumber: 17, body, attributes: {} }
}

function point(service: string, count: number, offset: number): WindowPoint {
  return {
    series: { metric: 'logs.count', labels: { service, severity: 'error' } },
    resolutionMs: 10_000,
    startMs: WINDOW_MS,
    aggregate: { count, sum: count, min: 1, max: 1, sketch: null },
    revision: 0,
    closed: false,
    source: { topicId: 'deltas', partition: 0, offset },
  }
}

function mark(partition: number): string {
  const watermarkMs = NOW_MS - 4_000
  return JSON.stringify({ kind: 'progress', partition, watermarkMs, maxEventTimeMs: NOW_MS, metrics: [], atMs: NOW_MS })
}

const ANOMALY: Anomaly = {
  id: 'anomaly-1',
  metric: 'logs.count',
  labels: { service: 'shop' },
  aggregate: 'count',
  resolutionMs: 10_000,
  startMs: WINDOW_MS - 10_000,
  value: 90,
  expected: { low: 1, high: 9 },
  score: 8,
  severity: 'error',
  detector: 'z-score',
  reason: 'shop logged 90 errors, expected 1–9',
}

const range = { lastMs: 60_000 }
const QUERIES = [
  { id: 'm', type: 'metric', range, metric: 'logs.count', aggregates: ['count'], groupBy: ['service'] },
  { id: 'l', type: 'logs', range, text: 'refused', services: ['shop'], minSeverity: 'error' },
  { id: 'a', type: 'anomalies', range },
  { id: 'n', type: 'annotations', range },
] as const

describe('the API over the embedded adapters', () => {
  it('answers what the stages have stored, and knows it again after a restart', async () => {
    const dir = await temporaryDirectory()
    let weir = await openWeir(dir)
    await weir.metricStore.upsert([point('shop', 5, 0), point('cart', 2, 1)])
    const { topicId } = await weir.broker.describeTopic(TOPICS.logs)
    const entries = ['card refused', 'card accepted'].map((body, offset) => {
      return { offset, brokerTimeMs: NOW_MS, record: record(body) }
    })
    await weir.logStore.append({ topicId, partition: 0 }, entries)
    await weir.anomalyStore.put([ANOMALY])
    await weir.app.inject({ method: 'POST', url: '/api/annotations', payload: { kind: 'deploy', text: 'v2' } })
    await weir.send(TOPICS.metrics, [mark(0), mark(1)])

    const check = () =>
      vi.waitFor(async () => {
        const response = await weir.app.inject({ method: 'POST', url: '/api/query', payload: { queries: QUERIES } })
        const { answers } = response.json<{ answers: Answer[] }>()
        expect(answers).toMatchObject([
          {
            completeToMs: NOW_MS - 4_000,
            groups: [
              { labels: { service: 'shop' }, totals: { count: 5 } },
              { labels: { service: 'cart' }, totals: { count: 2 } },
            ],
          },
          { logs: [{ body: 'card refused', severity: 'error' }] },
          { anomalies: [ANOMALY] },
          { annotations: [{ text: 'v2', timeMs: NOW_MS }] },
        ])
        const [, logs] = answers as [Answer, { logs: { id: string }[] }]
        const line = await weir.app.inject(`/api/logs/${encodeURIComponent(logs.logs[0]!.id)}`)
        expect(line.json()).toEqual(logs.logs[0])
      }, 5_000)
    await check()
    expect((await weir.app.inject('/api/services')).json()).toEqual({ names: ['shop'] })
    const values = await weir.app.inject('/api/metrics/logs.count/labels/service/values')
    expect(values.json()).toEqual({ names: ['cart', 'shop'] })
    expect((await weir.app.inject('/ready')).json()).toEqual({ ready: true, reasons: [] })
    await weir.close()

    weir = await openWeir(dir)
    await check()
    await weir.close()
  })

  it('accounts for every record, before and after a restart', async () => {
    const dir = await temporaryDirectory()
    let weir = await openWeir(dir)
    const totals = async () => (await weir.app.inject('/api/pipeline')).json<PipelineState>().totals
    await weir.send(
      TOPICS.logs,
      ['a', 'b', 'c'].map((body) => Buffer.from(encodeLogRecord(record(body))).toString()),
    )
    await vi.waitFor(async () => {
      expect(await totals()).toEqual({ in: 3, stored: 0, deadLettered: 0, dropped: 0, inFlight: 3 })
    })

    await weir.send(TOPICS.logsDeadLetter, ['garbage'], { [DEAD_LETTER_HEADERS.source]: 'http' })
    await weir.send(TOPICS.logsDeadLetter, ['garbage'], { [DEAD_LETTER_HEADERS.source]: 'logs-0-1' })
    const indexer = await weir.broker.consumer({ groupId: 'indexer', topics: [TOPICS.logs], startAt: 'earliest' })
    await vi.waitFor(async () => expect(await indexer.poll({ maxWaitMs: 10, maxBytes: 1_000_000 })).toHaveLength(1))
    await indexer.commit([{ topic: TOPICS.logs, partition: 0, offset: 3 }])
    await indexer.close()
    const atRest = { in: 4, stored: 2, deadLettered: 2, dropped: 0, inFlight: 0 }
    await vi.waitFor(async () => expect(await totals()).toEqual(atRest))
    await weir.close()

    weir = await openWeir(dir)
    await vi.waitFor(async () => expect(await totals()).toEqual(atRest))
    await weir.close()
  })

  it('sends a stored window to who follows it, within 2 s of its mark', async () => {
    const weir = await openWeir(await temporaryDirectory())
    onTestFinished(() => weir.close())
    await weir.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = weir.app.server.address() as { port: number }
    const [metric] = QUERIES
    const stream = await openLive(
      liveUrl(`http://127.0.0.1:${port}`, [{ ...metric, aggregates: ['count'], groupBy: [] }]),
    )
    await vi.waitFor(() => expect(stream.answers()).toHaveLength(1))
    await weir.metricStore.upsert([point('shop', 9, 7)])
    await weir.send(TOPICS.metrics, [mark(0), mark(1)])
    const startMs = performance.now()
    await vi.waitFor(() => expect(stream.answers().at(-1)).toMatchObject({ groups: [{ totals: { count: 9 } }] }), 5_000)
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })
})

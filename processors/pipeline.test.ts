import { join } from 'node:path'
import { openAnomalyStore, openLogStore, openMetricStore } from '@weir/adapters/embedded'
import {
  type AnomalyStore,
  aggregateValue,
  type MetricStore,
  type MetricsEvent,
  TOPICS,
  type WindowEvent,
  type WindowPoint,
} from '@weir/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startCombiner, startIndexer, startWindower } from './start.ts'
import { EmbeddedPipeline } from './testing/embedded-pipeline.ts'
import { logValue, request } from './testing/records.ts'

const WAIT = { timeout: 20_000, interval: 20 }
/** A whole hour in the past: nothing of it is dated ahead. */
const START_MS = 1_699_999_200_000

/** 3 requests a second: every tenth fails, each takes 10..59 ms. */
function requests(from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, i) => {
    const number = from + i
    const fields = { service: 'web', ...request(number % 10 === 0 ? 500 : 200, 10 + (number % 50)) }
    return logValue(START_MS + Math.floor((number * 1_000) / 3), fields)
  })
}

const ROUTE = { service: 'web', route: '/api/orders', method: 'POST' }

const INFO = { service: 'web', severity: 'info' }
const HOUR_MS = 3_600_000

describe('logs in, windows out, over the embedded broker and stores', () => {
  let pipeline: EmbeddedPipeline
  let metricStore: MetricStore
  let anomalyStore: AnomalyStore

  beforeEach(async () => {
    pipeline = await EmbeddedPipeline.open(3)
    metricStore = await openMetricStore({ dir: join(pipeline.dir, 'metrics') })
    anomalyStore = await openAnomalyStore({ dir: join(pipeline.dir, 'anomalies') })
  })
  afterEach(async () => {
    await pipeline.stopRoles()
    await metricStore.close()
    await anomalyStore.close()
    await pipeline.close()
  })

  const combine = () => pipeline.run(startCombiner)
  const window = () => pipeline.run((deps) => startWindower({ ...deps, metricStore, anomalyStore }))
  const at = async (metric: string, labels: Record<string, string>, resolutionMs: number, startMs: number) => {
    const [point] = await metricStore.load([{ series: { metric, labels }, resolutionMs, startMs }])
    return point
  }
  const countOf = async (...key: Parameters<typeof at>) => (await at(...key))?.aggregate.count
  const settled = async (total: number) => {
    expect(await countOf('logs.count', INFO, HOUR_MS, START_MS)).toBe(total)
    expect(await pipeline.lag('combiner', TOPICS.logs)).toBe(0)
    expect(await pipeline.lag('windower', TOPICS.metricDeltas)).toBe(0)
  }
  const stillOpen = async (): Promise<WindowPoint[]> => {
    const { topicId, partitions } = await pipeline.broker.describeTopic(TOPICS.metricDeltas)
    const open = await Promise.all(partitions.map(({ partition }) => metricStore.loadOpen({ topicId, partition })))
    return open.flat()
  }

  async function expectExactly(total: number): Promise<void> {
    for (let startMs = START_MS; startMs < START_MS + 300_000; startMs += 60_000) {
      expect(await countOf('logs.count', INFO, 60_000, startMs)).toBe(180)
    }
    expect(await countOf('http.server.requests', { ...ROUTE, status: '500' }, HOUR_MS, START_MS)).toBe(total / 10)
    expect(await countOf('http.server.errors', ROUTE, 10_000, START_MS + 10_000)).toBe(3)
    const durations = (await at('http.server.duration', ROUTE, HOUR_MS, START_MS))!.aggregate
    expect(durations).toMatchObject({ count: total, min: 10, max: 59 })
    expect(Math.abs(aggregateValue(durations, 'p95', HOUR_MS)! / 57 - 1)).toBeLessThan(0.02)
  }

  it('counts exactly', async () => {
    await combine()
    await window()
    await pipeline.send(requests(0, 900))
    await vi.waitFor(() => settled(900), WAIT)
    await expectExactly(900)
  })

  it('counts exactly when both are stopped and started while logs come in, and a second of each joins', async () => {
    let [combiner, windower] = [await combine(), await window()]
    for (let part = 0; part < 9; part++) {
      await pipeline.send(requests(part * 100, (part + 1) * 100))
      if (part % 3 === 1) {
        await combiner.stop()
        combiner = await combine()
      }
      if (part % 3 === 2) {
        await windower.stop()
        windower = await window()
      }
      if (part === 5) await Promise.all([combine(), window()])
    }
    await vi.waitFor(() => settled(900), WAIT)
    await expectExactly(900)
  })

  it('closes the last windows once the sources are idle, and tells live readers, each window once', async () => {
    await combine()
    await window()
    await pipeline.send(requests(0, 900))
    await vi.waitFor(() => settled(900), WAIT)
    await vi.waitFor(async () => expect(await stillOpen()).toEqual([]), WAIT)
    await pipeline.stopRoles()
    const events = await pipeline.readAll<MetricsEvent>(TOPICS.metrics)
    const closed = events.filter((event): event is WindowEvent => event.kind === 'window' && event.revision === 0)
    const names = closed.map(({ metric, labels, resolutionMs, startMs }) =>
      JSON.stringify([metric, labels, resolutionMs, startMs]),
    )
    expect(new Set(names).size).toBe(names.length)
    const hours = closed.filter(({ metric, resolutionMs }) => metric === 'logs.count' && resolutionMs === HOUR_MS)
    expect(hours).toMatchObject([{ startMs: START_MS, count: 900 }])
    const progress = events.filter((event) => event.kind === 'progress')
    expect(Math.max(...progress.map(({ maxEventTimeMs }) => maxEventTimeMs))).toBe(START_MS + 299_666)
  })

  it('stores every record once, or dead-letters it', async () => {
    const logStore = await openLogStore({ dir: join(pipeline.dir, 'logs') })
    const index = () => pipeline.run((deps) => startIndexer({ ...deps, logStore }))
    const first = await index()
    await pipeline.send(requests(0, 500))
    await pipeline.send([new TextEncoder().encode('{broken'), new Uint8Array()])
    await first.stop()
    await index()
    await pipeline.send(requests(500, 900))
    await vi.waitFor(async () => expect(await pipeline.lag('indexer', TOPICS.logs)).toBe(0), WAIT)
    expect(await logStore.count()).toBe(900)
    const { partitions } = await pipeline.broker.describeTopic(TOPICS.logsDeadLetter)
    expect(partitions[0]?.end).toBe(2)
    await pipeline.stopRoles()
    await logStore.close()
  })
})

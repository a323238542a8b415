import { aggregateValue, type MetricsEvent, TOPICS } from '@weir/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startCombiner, startWindower } from './start.ts'
import { EmbeddedPipeline } from './testing/embedded-pipeline.ts'
import { MemoryAnomalyStore, MemoryMetricStore } from './testing/memory-stores.ts'
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

describe('logs in, windows out, over the embedded broker', () => {
  let pipeline: EmbeddedPipeline
  const store = () => metricStore
  let metricStore: MemoryMetricStore
  let anomalyStore: MemoryAnomalyStore

  beforeEach(async () => {
    pipeline = await EmbeddedPipeline.open(3)
    metricStore = new MemoryMetricStore()
    anomalyStore = new MemoryAnomalyStore()
  })
  afterEach(() => pipeline.close())

  const combine = () => pipeline.run(startCombiner)
  const window = () => pipeline.run((deps) => startWindower({ ...deps, metricStore, anomalyStore }))
  const settled = async () => {
    expect(await pipeline.lag('combiner', TOPICS.logs)).toBe(0)
    expect(await pipeline.lag('windower', TOPICS.metricDeltas)).toBe(0)
  }
  const count = (metric: string, labels: Record<string, string>, resolutionMs: number, startMs: number) =>
    store().at(metric, labels, resolutionMs, startMs)?.aggregate.count

  function expectExactly(total: number): void {
    const info = { service: 'web', severity: 'info' }
    for (let startMs = START_MS; startMs < START_MS + 300_000; startMs += 60_000) {
      expect(count('logs.count', info, 60_000, startMs)).toBe(180)
    }
    expect(count('logs.count', info, 3_600_000, START_MS)).toBe(total)
    expect(count('http.server.requests', { ...ROUTE, status: '500' }, 3_600_000, START_MS)).toBe(total / 10)
    expect(count('http.server.errors', ROUTE, 10_000, START_MS + 10_000)).toBe(3)
    const durations = store().at('http.server.duration', ROUTE, 3_600_000, START_MS)!.aggregate
    expect(durations).toMatchObject({ count: total, min: 10, max: 59 })
    expect(Math.abs(aggregateValue(durations, 'p95', 3_600_000)! / 57 - 1)).toBeLessThan(0.02)
  }

  it('counts exactly', async () => {
    await combine()
    await window()
    await pipeline.send(requests(0, 900))
    await vi.waitFor(
      () => expect(count('logs.count', { service: 'web', severity: 'info' }, 3_600_000, START_MS)).toBe(900),
      WAIT,
    )
    await vi.waitFor(settled, WAIT)
    expectExactly(900)
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
    await vi.waitFor(
      () => expect(count('logs.count', { service: 'web', severity: 'info' }, 3_600_000, START_MS)).toBe(900),
      WAIT,
    )
    await vi.waitFor(settled, WAIT)
    expectExactly(900)
  })

  it('closes the last windows once the sources are idle, and tells live readers', async () => {
    await combine()
    await window()
    await pipeline.send(requests(0, 900))
    await vi.waitFor(() => {
      const points = [...store().points.values()]
      expect(points.length).toBeGreaterThan(0)
      expect(points.every(({ closed }) => closed)).toBe(true)
    }, WAIT)
    expect([...store().closings.values()].every((times) => times === 1)).toBe(true)
    const reader = await pipeline.broker.consumer({ topics: [TOPICS.metrics], startAt: 'earliest' })
    const events: MetricsEvent[] = []
    for (;;) {
      const batches = await reader.poll({ maxWaitMs: 50, maxBytes: 1_000_000 })
      if (batches.length === 0) break
      for (const { records } of batches) {
        for (let i = 0; i < records.count; i++) events.push(JSON.parse(new TextDecoder().decode(records.value(i)!)))
      }
      if (events.filter(({ kind }) => kind === 'window').length >= store().points.size) break
    }
    await reader.close()
    const windows = events.filter((event) => event.kind === 'window')
    expect(windows.filter(({ revision }) => revision === 0)).toHaveLength(store().points.size)
    const progress = events.filter((event) => event.kind === 'progress')
    expect(Math.max(...progress.map(({ maxEventTimeMs }) => maxEventTimeMs))).toBe(START_MS + 299_666)
  })
})

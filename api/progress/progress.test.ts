import { TOPICS } from '@weir/core'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MemoryBroker } from '../testing/memory-broker.ts'
import { MemoryWeir } from '../testing/memory-weir.ts'
import { Progress } from './progress.ts'

function follow(weir: MemoryWeir): Progress {
  const progress = new Progress(weir.broker, weir.logger)
  onTestFinished(() => progress.stop())
  progress.start()
  return progress
}

describe('Progress', () => {
  it('knows nothing before the first mark', () => {
    const progress = new Progress(new MemoryBroker({}), pino({ level: 'silent' }))
    expect([progress.completeToMs, progress.maxEventTimeMs]).toEqual([null, null])
  })

  it('is complete to the least watermark of the partitions, and has seen the newest event of any', async () => {
    const weir = new MemoryWeir()
    const progress = follow(weir)
    weir.mark(50_000, 0)
    weir.mark(30_000, 1)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(30_000))
    expect(progress.maxEventTimeMs).toBe(52_000)
    weir.nowMs++
    weir.mark(60_000, 1)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(50_000))
  })

  it('knows the marks from before its start', async () => {
    const weir = new MemoryWeir()
    weir.mark(10_000, 0)
    weir.nowMs++
    weir.mark(20_000, 0)
    weir.mark(15_000, 1)
    const progress = follow(weir)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(15_000))
    expect(progress.maxEventTimeMs).toBe(22_000)
  })

  it('a restarted windower, which knows nothing yet, does not take it back', async () => {
    const weir = new MemoryWeir()
    const progress = follow(weir)
    weir.mark(30_000, 0)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(30_000))
    weir.mark(0, 0)
    await vi.waitFor(() => expect(progress.counters.marks).toBe(2))
    expect([progress.completeToMs, progress.maxEventTimeMs]).toEqual([30_000, 32_000])
    weir.mark(0, 1)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(null))
    weir.mark(20_000, 1)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(20_000))
  })

  it('finds a partition whose newest mark lies before thousands of closed windows', async () => {
    const weir = new MemoryWeir()
    weir.mark(7_000, 1)
    const closed = JSON.stringify({ kind: 'window', metric: 'logs.count', labels: {}, startMs: 0 })
    for (let i = 0; i < 3_000; i++) weir.broker.put(TOPICS.metrics, 0, closed)
    weir.mark(9_000, 0)
    const progress = follow(weir)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(7_000), 5_000)
  })

  it('counts what is no event, and goes on', async () => {
    const weir = new MemoryWeir()
    const progress = follow(weir)
    for (const bad of ['{', 'null', '{"kind":"progress","partition":0,"watermarkMs":null}', '{"kind":"other"}']) {
      weir.broker.put(TOPICS.metrics, 0, bad)
    }
    weir.mark(1_000)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(1_000))
    expect(progress.counters).toEqual({ marks: 1, marks_unreadable: 4 })
  })

  it('says what fails while the broker does, and goes on after it', async () => {
    const weir = new MemoryWeir()
    const progress = follow(weir)
    weir.mark(1_000)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(1_000))
    weir.broker.failure = new Error('connection lost')
    await vi.waitFor(() => expect(progress.problems()).toHaveLength(2), 3_000)
    expect(progress.problems()[0]).toBe('can not follow topic metrics: connection lost')
    expect(progress.completeToMs).toBe(1_000)

    weir.broker.failure = undefined
    weir.nowMs++
    weir.mark(2_000)
    await vi.waitFor(() => expect(progress.completeToMs).toBe(2_000), 10_000)
    await vi.waitFor(() => expect(progress.problems()).toEqual([]), 10_000)
  }, 30_000)

  it('versions rise with what the answers depend on', async () => {
    const weir = new MemoryWeir()
    const progress = follow(weir)
    const versions = () =>
      (['metric', 'anomalies', 'annotations', 'logs'] as const).map((type) => progress.version(type))
    await vi.waitFor(() => expect(progress.version('logs')).toBe(1))
    expect(versions()).toEqual([0, 0, 0, 1])
    weir.mark(1_000)
    await vi.waitFor(() => expect(versions()).toEqual([1, 1, 1, 1]))
    weir.broker.put(TOPICS.anomalies, 0, '{}')
    await vi.waitFor(() => expect(versions()).toEqual([2, 2, 2, 1]))
    progress.annotationsChanged()
    expect(versions()).toEqual([2, 2, 3, 1])
    weir.broker.setCommitted('indexer', TOPICS.logs, { 1: 5 })
    await vi.waitFor(() => expect(versions()).toEqual([2, 2, 3, 2]), 3_000)
  })
})

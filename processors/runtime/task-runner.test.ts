import { setTimeout as delay } from 'node:timers/promises'
import { type LogEntry, type LogSource, TOPICS } from '@weir/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startIndexer } from '../start.ts'
import { EmbeddedPipeline } from '../testing/embedded-pipeline.ts'
import { MemoryLogStore } from '../testing/memory-stores.ts'
import { logValue } from '../testing/records.ts'

const WAIT = { timeout: 15_000, interval: 20 }
const garbage = new TextEncoder().encode('{broken')
const logs = (count: number) => Array.from({ length: count }, (_, i) => logValue(1_700_000_000_000 + i))

/** Takes its time with the first batch. */
class SlowLogStore extends MemoryLogStore {
  readonly #firstAppendMs: number

  constructor(firstAppendMs: number) {
    super()
    this.#firstAppendMs = firstAppendMs
  }

  override async append(source: LogSource, entries: readonly LogEntry[]): Promise<void> {
    if (this.appends === 0) await delay(this.#firstAppendMs)
    await super.append(source, entries)
  }
}

describe('a role on the embedded broker', () => {
  let pipeline: EmbeddedPipeline
  let store: MemoryLogStore

  beforeEach(async () => {
    pipeline = await EmbeddedPipeline.open(4)
    store = new MemoryLogStore()
  })
  afterEach(() => pipeline.close())

  const index = (into = store) => pipeline.run((deps) => startIndexer({ ...deps, logStore: into }))
  const caughtUp = async () => expect(await pipeline.lag('indexer', TOPICS.logs)).toBe(0)

  it('reads what was there before it and what comes after, and reports it', async () => {
    await pipeline.send(logs(100))
    const role = await index()
    await vi.waitFor(caughtUp, WAIT)
    await pipeline.send(logs(50))
    await vi.waitFor(() => expect(store.entries.size).toBe(150), WAIT)
    await vi.waitFor(caughtUp, WAIT)
    expect(role.status()).toMatchObject({
      role: 'indexer',
      state: 'running',
      counters: { records_in: 150, records_stored: 150, lag_records: 0, tasks: 4 },
    })
  })

  it('commits on stop what it has taken in, and a second start goes on from there', async () => {
    const first = await index()
    await vi.waitFor(() => expect(first.status().state).toBe('running'), WAIT)
    await pipeline.send(logs(40))
    await vi.waitFor(() => expect(first.status().counters.records_in).toBe(40), WAIT)
    await first.stop()
    expect(first.status().state).toBe('stopped')
    expect(await pipeline.lag('indexer', TOPICS.logs)).toBe(0)
    await pipeline.send(logs(10))
    const second = await index()
    await vi.waitFor(() => expect(store.entries.size).toBe(50), WAIT)
    expect(second.status().counters.records_in).toBe(10)
  })

  it('is degraded while its store is away, and stores everything once when it comes back', async () => {
    store.faults.failAfter(0, false)
    const role = await index()
    await pipeline.send([...logs(20), garbage])
    await vi.waitFor(
      () => expect(role.status()).toMatchObject({ state: 'degraded', detail: 'the store went away' }),
      WAIT,
    )
    expect(await pipeline.lag('indexer', TOPICS.logs)).toBe(21)
    store.faults.heal()
    await vi.waitFor(() => expect(role.status().state).toBe('running'), WAIT)
    await vi.waitFor(caughtUp, WAIT)
    expect(store.entries.size).toBe(20)
    const { partitions } = await pipeline.broker.describeTopic(TOPICS.logsDeadLetter)
    expect(partitions[0]?.end).toBe(1)
  })

  it('stays in its group while a store takes longer than a heartbeat', async () => {
    const slow = new SlowLogStore(3_500)
    const role = await index(slow)
    await pipeline.send(logs(10))
    await vi.waitFor(caughtUp, WAIT)
    expect(role.status().counters).toMatchObject({ slow_commits: 1, records_stored: 10 })
    expect(role.status().counters.failures).toBeUndefined()
    await pipeline.send(logs(10))
    await vi.waitFor(() => expect(slow.entries.size).toBe(20), WAIT)
  })

  it('loses nothing of partitions that come to it while a store takes long', async () => {
    const other = await pipeline.broker.consumer({ groupId: 'indexer', topics: [TOPICS.logs], startAt: 'earliest' })
    const slow = new SlowLogStore(5_000)
    const role = await index(slow)
    await vi.waitFor(async () => {
      await other.poll({ maxWaitMs: 10, maxBytes: 1 })
      expect(role.status().counters.tasks).toBe(2)
    }, WAIT)
    await pipeline.send(logs(40))
    await vi.waitFor(() => expect(role.status().counters.slow_commits).toBe(1), WAIT)
    await other.close()
    await vi.waitFor(caughtUp, WAIT)
    expect(slow.entries.size).toBe(40)
  })

  it('has no flush under way any more when a failed session starts again', async () => {
    const store = new MemoryLogStore()
    let underWay = 0
    let most = 0
    const append = store.append.bind(store)
    store.append = async (source, entries) => {
      if (source.partition === 0 && store.appends < 3) {
        throw new Error('partition 0 fails')
      }
      most = Math.max(most, ++underWay)
      await delay(1_000)
      await append(source, entries)
      underWay--
    }
    await index(store)
    await pipeline.send(logs(40))
    await vi.waitFor(() => expect(store.entries.size).toBe(40), WAIT)
    expect(most).toBeLessThanOrEqual(4)
  })

  it('shares its partitions with a second process, and takes them over when that leaves', async () => {
    const first = await index()
    const second = await index()
    await vi.waitFor(() => {
      expect(first.status().counters.tasks).toBe(2)
      expect(second.status().counters.tasks).toBe(2)
    }, WAIT)
    await pipeline.send(logs(100))
    await vi.waitFor(caughtUp, WAIT)
    await second.stop()
    await pipeline.send(logs(100))
    await vi.waitFor(caughtUp, WAIT)
    expect(store.entries.size).toBe(200)
    expect(first.status().counters.tasks).toBe(4)
  })

  it('stops with the reason where a topic is missing', async () => {
    const { broker } = pipeline
    const blind = Object.create(broker) as typeof broker
    blind.describeTopic = (topic) => broker.describeTopic(`no-${topic}`)
    const role = await pipeline.run((deps) => startIndexer({ ...deps, broker: blind, logStore: store }))
    await vi.waitFor(() => expect(role.status().state).toBe('stopped'), WAIT)
    expect(role.status().detail).toContain('no-logs')
  })
})

import {
  type Anomaly,
  BUILT_IN_WATCH_RULES,
  DDSketch,
  DEAD_LETTER_HEADERS,
  type MetricsEvent,
  type ProgressEvent,
  type Series,
  TOPICS,
  type WindowEvent,
} from '@weir/core'
import { describe, expect, it } from 'vitest'
import { type DriverOptions, type DriverRecord, TopologyTestDriver } from '../runtime/topology-test-driver.ts'
import { MemoryAnomalyStore, MemoryMetricStore } from '../testing/memory-stores.ts'
import { aggregateDelta, countDelta, mark } from '../testing/records.ts'
import { windowerTopology } from './windower.ts'

/** A whole hour, so that windows of all resolutions start there. */
const HOUR_MS = 1_699_999_200_000
const GRACE_MS = 5_000
const WEB: Series = { metric: 'logs.count', labels: { service: 'web', severity: 'info' } }

interface Setup {
  readonly store: MemoryMetricStore
  readonly anomalies: MemoryAnomalyStore
  readonly driver: TopologyTestDriver
}

async function open(
  options: DriverOptions & { store?: MemoryMetricStore; anomalies?: MemoryAnomalyStore; maxWindows?: number } = {},
): Promise<Setup> {
  const { store = new MemoryMetricStore(), anomalies = new MemoryAnomalyStore(), maxWindows = 1_000, ...rest } = options
  const topology = windowerTopology({
    metricStore: store,
    anomalyStore: anomalies,
    watchRules: BUILT_IN_WATCH_RULES,
    graceMs: GRACE_MS,
    commitIntervalMs: 500,
    maxWindows,
  })
  return { store, anomalies, driver: await TopologyTestDriver.open(topology, rest) }
}

const web = (startMs: number, count: number): DriverRecord => countDelta(WEB, startMs, count)

async function pipeAndCommit(driver: TopologyTestDriver, ...records: DriverRecord[]): Promise<void> {
  await driver.pipe(records)
  await driver.commit()
}

const at = (store: MemoryMetricStore, resolutionMs: number, startMs: number) =>
  store.at(WEB.metric, { ...WEB.labels }, resolutionMs, startMs)

describe('windows', () => {
  it('merge the deltas of their series at every resolution', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 3), web(HOUR_MS + 50_000, 4), web(HOUR_MS + 60_000, 5))
    await pipeAndCommit(driver, web(HOUR_MS, 10))
    expect(at(store, 10_000, HOUR_MS)?.aggregate.count).toBe(13)
    expect(at(store, 10_000, HOUR_MS + 50_000)?.aggregate.count).toBe(4)
    expect(at(store, 60_000, HOUR_MS)?.aggregate.count).toBe(17)
    expect(at(store, 60_000, HOUR_MS + 60_000)?.aggregate.count).toBe(5)
    expect(at(store, 300_000, HOUR_MS)?.aggregate.count).toBe(22)
    expect(at(store, 3_600_000, HOUR_MS)?.aggregate.count).toBe(22)
  })

  it('merge the sketches of distributions', async () => {
    const { driver, store } = await open()
    const series = { metric: 'http.server.duration', labels: { service: 'web' } }
    for (const value of [10, 1_000]) {
      const sketch = new DDSketch()
      sketch.add(value, 50)
      const aggregate = { count: 50, sum: 50 * value, min: value, max: value, sketch }
      await pipeAndCommit(driver, aggregateDelta(series, HOUR_MS, aggregate))
    }
    const point = store.at(series.metric, series.labels, 60_000, HOUR_MS)
    expect(point?.aggregate).toMatchObject({ count: 100, sum: 50_500, min: 10, max: 1_000 })
    expect(point?.aggregate.sketch?.quantile(0.95)).toBeGreaterThan(980)
  })

  it.each([
    ['is open at its end', HOUR_MS + 10_000, false],
    ['is open a millisecond before the grace is over', HOUR_MS + 14_999, false],
    ['closes at end + grace', HOUR_MS + 15_000, true],
  ])('a window %s', async (_sentence, watermarkMs, closed) => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 1), mark(watermarkMs))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed, revision: 0 })
    expect(at(store, 60_000, HOUR_MS)?.closed).toBe(false)
  })

  it('close by the least of the sources, idle ones left out', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 1), mark(HOUR_MS + 60_000, false, 0, 2))
    expect(at(store, 10_000, HOUR_MS)?.closed, 'one source was not heard of').toBe(false)
    await pipeAndCommit(driver, mark(HOUR_MS + 1_000, false, 1, 2))
    expect(at(store, 10_000, HOUR_MS)?.closed, 'one source is behind').toBe(false)
    await pipeAndCommit(driver, mark(HOUR_MS + 1_000, true, 1, 2))
    expect(at(store, 10_000, HOUR_MS)?.closed, 'the source behind is idle').toBe(true)
  })
})

describe('a delta for a closed window', () => {
  it('is merged, raises the revision and is counted', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 2), mark(HOUR_MS + 15_000))
    await pipeAndCommit(driver, web(HOUR_MS, 3))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed: true, revision: 1, aggregate: { count: 5 } })
    expect(at(store, 60_000, HOUR_MS)).toMatchObject({ closed: false, revision: 0, aggregate: { count: 5 } })
    expect(driver.counter('deltas_late')).toBe(1)
  })

  it('is merged into what the store has after a restart', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 2), mark(HOUR_MS + 15_000))
    await driver.crash()
    await pipeAndCommit(driver, web(HOUR_MS, 3))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed: true, revision: 1, aggregate: { count: 5 } })
  })

  it('of a window never seen makes it, closed at once with revision 0', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, mark(HOUR_MS + 15_000), web(HOUR_MS, 2))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed: true, revision: 0, aggregate: { count: 2 } })
    expect(driver.counter('windows_late_created')).toBe(1)
    expect(driver.counter('deltas_late')).toBe(0)
  })

  it('years old counts at every resolution', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, mark(HOUR_MS))
    await pipeAndCommit(driver, web(0, 2))
    await pipeAndCommit(driver, web(0, 3))
    for (const resolutionMs of [10_000, 60_000, 300_000, 3_600_000]) {
      expect(at(store, resolutionMs, 0)).toMatchObject({ closed: true, revision: 1, aggregate: { count: 5 } })
    }
  })
})

describe('a replay', () => {
  it('of deltas that were stored but not committed changes nothing', async () => {
    const { driver, store } = await open()
    await driver.pipe([web(HOUR_MS, 2), web(HOUR_MS, 3), mark(HOUR_MS + 15_000)])
    store.faults.failAfter(1, true)
    await expect(driver.commit()).rejects.toThrow('the store went away')
    store.faults.heal()
    await driver.crash()
    await driver.commit()
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed: true, revision: 0, aggregate: { count: 5 } })
    expect(driver.counter('deltas_skipped')).toBe(2)
  })

  it('in a recreated topic is a new epoch: its deltas count, whatever offset is stored', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, mark(0), mark(0), mark(0), web(HOUR_MS, 2))
    const recreated = await open({ store, topicId: 'topic-2' })
    await pipeAndCommit(recreated.driver, web(HOUR_MS, 3))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({
      aggregate: { count: 5 },
      source: { topicId: 'topic-2', partition: 0, offset: 0 },
    })
  })

  it('does not commit when the store refuses', async () => {
    const { driver, store } = await open()
    await driver.pipe([web(HOUR_MS, 2)])
    store.faults.failAfter(0, false)
    await expect(driver.commit()).rejects.toThrow('the store went away')
    expect(driver.committedOffset).toBe(0)
  })
})

describe('windows left open by a restart', () => {
  it('close once, when the watermark passes them', async () => {
    const { driver, store } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 2), mark(HOUR_MS + 5_000))
    await driver.crash()
    await pipeAndCommit(driver, mark(HOUR_MS + 15_000))
    await pipeAndCommit(driver, mark(HOUR_MS + 16_000))
    expect(at(store, 10_000, HOUR_MS)).toMatchObject({ closed: true, revision: 0, aggregate: { count: 2 } })
    expect(store.closings.get(`logs.count{service="web",severity="info"} 10000 ${HOUR_MS}`)).toBe(1)
  })
})

describe('memory', () => {
  it('stays within its bound, and evicted windows still close and count right', async () => {
    const { driver, store } = await open({ maxWindows: 20 })
    const series = (i: number): Series => ({ metric: 'logs.count', labels: { service: `s${i}`, severity: 'error' } })
    for (let i = 0; i < 50; i++) await pipeAndCommit(driver, countDelta(series(i), HOUR_MS, 1))
    expect(driver.counter('windows_in_memory_0')).toBeLessThanOrEqual(20)
    for (let i = 0; i < 50; i++) await pipeAndCommit(driver, countDelta(series(i), HOUR_MS, 1))
    await pipeAndCommit(driver, mark(HOUR_MS + 15_000))
    for (let i = 0; i < 50; i++) {
      const point = store.at('logs.count', { ...series(i).labels }, 10_000, HOUR_MS)
      expect(point, `series ${i}`).toMatchObject({ closed: true, aggregate: { count: 2 } })
    }
  })

  it('looks all windows of a batch up in one call', async () => {
    const { driver, store } = await open()
    await driver.pipe(Array.from({ length: 100 }, (_, i) => web(HOUR_MS + i * 10_000, 1)))
    expect(store.loads).toBe(1)
  })
})

describe('a record that is no delta', () => {
  it('goes to the dead letters with its place, and the others count', async () => {
    const { driver, store } = await open()
    const broken = { ...web(HOUR_MS, 1), value: Uint8Array.of(9, 9) }
    const keyless = { ...web(HOUR_MS, 1), key: null }
    const misnamed = { ...web(HOUR_MS, 1), key: new TextEncoder().encode('no series') }
    await pipeAndCommit(driver, web(HOUR_MS, 1), broken, keyless, misnamed, web(HOUR_MS, 1))
    const sources = driver
      .take(TOPICS.metricDeltasDeadLetter)
      .map(({ headers }) => headers?.[DEAD_LETTER_HEADERS.source])
    expect(sources).toEqual(['metric-deltas-0-1', 'metric-deltas-0-2', 'metric-deltas-0-3'])
    expect(at(store, 10_000, HOUR_MS)?.aggregate.count).toBe(2)
    expect(driver.committedOffset).toBe(5)
  })
})

describe('topic metrics', () => {
  it('gets closed windows, then a mark of what is readable, after each flush', async () => {
    const { driver } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 2), mark(HOUR_MS + 15_000))
    const events = driver.takeJson<MetricsEvent>(TOPICS.metrics)
    expect(events).toEqual<(WindowEvent | ProgressEvent)[]>([
      {
        kind: 'window',
        metric: 'logs.count',
        labels: { service: 'web', severity: 'info' },
        resolutionMs: 10_000,
        startMs: HOUR_MS,
        revision: 0,
        count: 2,
        sum: 2,
        min: 1,
        max: 1,
      },
      {
        kind: 'progress',
        partition: 0,
        watermarkMs: HOUR_MS + 15_000,
        maxEventTimeMs: HOUR_MS + 9_999,
        metrics: ['logs.count'],
        atMs: driver.clock.now(),
      },
    ])
  })

  it('gets corrections with their revision', async () => {
    const { driver } = await open()
    await pipeAndCommit(driver, web(HOUR_MS, 2), mark(HOUR_MS + 15_000))
    driver.take(TOPICS.metrics)
    await pipeAndCommit(driver, web(HOUR_MS, 2))
    expect(driver.takeJson<MetricsEvent>(TOPICS.metrics)[0]).toMatchObject({ kind: 'window', revision: 1, count: 4 })
  })
})

describe('detectors', () => {
  const pane = (index: number) => HOUR_MS + index * 10_000
  const closing = (index: number) => mark(pane(index + 1) + GRACE_MS)

  async function steadyFor(setup: Setup, from: number, to: number): Promise<void> {
    for (let i = from; i < to; i++) await pipeAndCommit(setup.driver, web(pane(i), 100 + (i % 3)), closing(i))
  }

  it('run on a window when it closes, and report it to the store and the topic', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await pipeAndCommit(setup.driver, web(pane(40), 900))
    expect(setup.anomalies.anomalies.size, 'the window is still open').toBe(0)
    await pipeAndCommit(setup.driver, closing(40))
    const [anomaly] = setup.driver.takeJson<Anomaly>(TOPICS.anomalies)
    expect(anomaly).toMatchObject({
      id: `logs.count{service="web",severity="info"} count 10000 ${pane(40)} z-score`,
      value: 900,
      startMs: pane(40),
      severity: 'error',
      reason: 'web: 900 info lines in 10 s, expected 73–133',
    })
    expect([...setup.anomalies.anomalies.values()]).toEqual([anomaly])
  })

  it('see the silence of an active series as zeros, once', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    for (let i = 40; i < 100; i++) await pipeAndCommit(setup.driver, closing(i))
    const found = setup.driver.takeJson<Anomaly>(TOPICS.anomalies)
    expect(found.map(({ startMs, value }) => [startMs, value])).toEqual([[pane(40), 0]])
    expect(found[0]?.reason).toBe('web went quiet: no info lines in 10 s, expected 73–133')
  })

  it('do not run again for a correction', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await pipeAndCommit(setup.driver, web(pane(39), 900))
    await pipeAndCommit(setup.driver, closing(40))
    expect([...setup.anomalies.anomalies.values()].filter(({ startMs }) => startMs === pane(39))).toEqual([])
  })

  it('do not run on a window that was late when it was first seen', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await pipeAndCommit(setup.driver, closing(60))
    const before = setup.anomalies.anomalies.size
    await pipeAndCommit(setup.driver, web(pane(50), 5_000))
    expect(setup.anomalies.anomalies.size).toBe(before)
  })

  it('take a partial window after a restart for what it is', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await setup.driver.crash()
    await pipeAndCommit(setup.driver, web(pane(43), 20), closing(43))
    await steadyFor(setup, 44, 50)
    expect(setup.anomalies.anomalies.size).toBe(0)
  })

  it('remember what they saw before a restart', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await setup.driver.crash()
    await steadyFor(setup, 40, 42)
    await pipeAndCommit(setup.driver, web(pane(42), 900), closing(42))
    expect(setup.driver.takeJson<Anomaly>(TOPICS.anomalies).map(({ startMs }) => startMs)).toEqual([pane(42)])
  })

  it('see after a restart that a series does not come back', async () => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await setup.driver.crash()
    for (let i = 40; i < 50; i++) await pipeAndCommit(setup.driver, closing(i))
    expect(setup.driver.takeJson<Anomaly>(TOPICS.anomalies)).toHaveLength(1)
  })

  it.each([
    ['before the anomaly is kept', false],
    ['after the anomaly is kept', true],
  ])('report the same anomaly under one id when a crash comes %s', async (_sentence, afterwards) => {
    const setup = await open()
    await steadyFor(setup, 0, 40)
    await setup.driver.crash()
    await steadyFor(setup, 40, 42)
    await setup.driver.pipe([web(pane(42), 900), closing(42)])
    setup.anomalies.faults.failAfter(0, afterwards)
    await expect(setup.driver.commit()).rejects.toThrow('the store went away')
    setup.anomalies.faults.heal()
    await setup.driver.crash()
    await setup.driver.commit()
    await steadyFor(setup, 43, 46)
    expect([...setup.anomalies.anomalies.values()].map(({ startMs }) => startMs)).toEqual([pane(42)])
    expect(at(setup.store, 10_000, pane(42))).toMatchObject({ closed: true, revision: 0, aggregate: { count: 900 } })
  })
})

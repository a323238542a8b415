import { BUILT_IN_METRICS, decodeDelta, type MetricDelta, TOPICS } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { TopologyTestDriver } from '../runtime/topology-test-driver.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { logValue, request } from '../testing/records.ts'
import { combinerTopology } from './combiner.ts'
import { normalizeForeign } from './read-log-record.ts'

const START_MS = 1_700_000_000_000
const decoder = new TextDecoder()
const watermark = { outOfOrdernessMs: 2_000, idleTimeoutMs: 30_000 }

async function open(definitions = BUILT_IN_METRICS, partitions = 1): Promise<TopologyTestDriver> {
  return await TopologyTestDriver.open(
    combinerTopology({ definitions, watermark, normalize: normalizeForeign, commitIntervalMs: 500, fastPath: true }),
    { clock: new VirtualClock(START_MS), inputPartitions: 2, outputPartitions: { [TOPICS.metricDeltas]: partitions } },
  )
}

function take(driver: TopologyTestDriver, partition = 0): { id: string; delta: MetricDelta }[] {
  return driver.take(TOPICS.metricDeltas, partition).map(({ key, value }) => ({
    id: key === null ? '' : decoder.decode(key),
    delta: decodeDelta(value!),
  }))
}

function counts(driver: TopologyTestDriver): Record<string, number> {
  const entries = take(driver).flatMap(({ id, delta }) =>
    delta.kind === 'delta' ? [[`${id} ${delta.paneStartMs - START_MS}`, delta.aggregate.count] as const] : [],
  )
  return Object.fromEntries(entries)
}

const COUNT = 'logs.count{service="web",severity="info"}'

describe('the combiner', () => {
  it('folds the records of a pane into one delta a series, and puts the edges of a pane where they belong', async () => {
    const driver = await open()
    const times = [0, 1, 9_999, 10_000, 19_999, 20_000]
    await driver.pipeValues(times.map((ms) => logValue(START_MS + ms)))
    await driver.commit()
    expect(counts(driver)).toEqual({ [`${COUNT} 0`]: 3, [`${COUNT} 10000`]: 2, [`${COUNT} 20000`]: 1 })
  })

  it('gives a request to every metric of HTTP', async () => {
    const driver = await open()
    await driver.pipeValues([logValue(START_MS, request(500, 40)), logValue(START_MS, request(200, 60))])
    await driver.commit()
    const deltas = new Map(take(driver).map(({ id, delta }) => [id, delta]))
    const route = 'method="POST",route="/api/orders",service="web"'
    expect(deltas.get(`http.server.errors{${route}}`)).toMatchObject({ aggregate: { count: 1 } })
    expect(deltas.get(`http.server.error_share{${route}}`)).toMatchObject({ aggregate: { count: 2, sum: 1 } })
    expect(deltas.get(`http.server.bytes{${route}}`)).toMatchObject({ aggregate: { count: 2, sum: 200 } })
    expect(deltas.get(`http.server.duration{${route}}`)).toMatchObject({ aggregate: { count: 2, min: 40, max: 60 } })
    expect(deltas.get(`http.server.requests{${route},status="500"}`)).toMatchObject({ aggregate: { count: 1 } })
  })

  it('keeps nothing between commits: what was emitted once is not emitted again', async () => {
    const driver = await open()
    await driver.pipeValues([logValue(START_MS)])
    await driver.commit()
    take(driver)
    await driver.pipeValues([logValue(START_MS + 1)])
    await driver.commit()
    expect(counts(driver)).toEqual({ [`${COUNT} 0`]: 1 })
  })

  it('after a crash before the commit emits the same deltas once', async () => {
    const driver = await open()
    await driver.pipeValues([logValue(START_MS), logValue(START_MS)])
    await driver.crash()
    await driver.commit()
    expect(counts(driver)).toEqual({ [`${COUNT} 0`]: 2 })
    expect(driver.committedOffset).toBe(2)
  })

  it('sends its mark to every partition, after the deltas', async () => {
    const driver = await open(BUILT_IN_METRICS, 3)
    await driver.pipeValues([logValue(START_MS + 5_000)])
    await driver.commit()
    const mark = { kind: 'mark', sourcePartition: 0, sourcePartitions: 2, watermarkMs: START_MS + 3_000, idle: false }
    for (const partition of [0, 1, 2]) expect(take(driver, partition).at(-1)?.delta).toEqual(mark)
  })

  it('says that it is idle at the time-out, then every 2 s, following the wall clock', async () => {
    const driver = await open()
    await driver.pipeValues([logValue(START_MS)])
    await driver.commit()
    take(driver)
    driver.clock.advance(29_999)
    expect(await driver.commitIfWanted()).toBe(false)
    driver.clock.advance(1)
    expect(await driver.commitIfWanted()).toBe(true)
    expect(take(driver).at(-1)?.delta).toMatchObject({ idle: true, watermarkMs: START_MS - 2_000 })
    driver.clock.advance(1_999)
    expect(await driver.commitIfWanted()).toBe(false)
    driver.clock.advance(1)
    expect(await driver.commitIfWanted()).toBe(true)
    expect(take(driver).at(-1)?.delta).toMatchObject({ idle: true, watermarkMs: START_MS })
  })

  it('reads the forms of other producers, and only counts what is no record', async () => {
    const driver = await open()
    const foreign = new TextEncoder().encode(
      JSON.stringify({ time: START_MS, level: 'info', msg: 'hi', service: 'web' }),
    )
    await driver.pipeValues([foreign, new Uint8Array(), null])
    await driver.commit()
    expect(counts(driver)).toEqual({ [`${COUNT} 0`]: 1 })
    expect(driver.counter('unreadable')).toBe(2)
    expect(driver.committedOffset).toBe(3)
  })

  it.each([
    ['at the bound ahead of the broker counts as dated', 300_000, 300_000, 0],
    ['past the bound counts as of the broker time, and does not push the watermark', 300_001, 0, 1],
  ])('a record %s', async (_sentence, aheadMs, paneMs, clamped) => {
    const driver = await open()
    await driver.pipeValues([logValue(START_MS + aheadMs)])
    await driver.commit()
    const [delta, mark] = take(driver)
    expect(delta?.delta).toMatchObject({ paneStartMs: START_MS + paneMs })
    expect(mark?.delta).toMatchObject({ watermarkMs: START_MS + paneMs - 2_000 })
    expect(driver.counter('times_clamped')).toBe(clamped)
  })

  it('leaves values out that are no finite numbers, and counts them', async () => {
    const driver = await open()
    await driver.pipeValues([
      logValue(START_MS, { attributes: { 'http.response.status_code': 200, duration_ms: 'slow' } }),
    ])
    await driver.commit()
    expect(Object.keys(counts(driver)).some((id) => id.startsWith('http.server.duration'))).toBe(false)
    expect(driver.counter('values_invalid')).toBe(1)
  })

  it('past the budget of series counts under __other__, and loses no record', async () => {
    const definitions = BUILT_IN_METRICS.filter(({ name }) => name === 'http.server.requests').map((definition) => ({
      ...definition,
      maxSeries: 10,
    }))
    const driver = await open(definitions)
    await driver.pipeValues(
      Array.from({ length: 100 }, (_, i) => logValue(START_MS, request(i % 2 === 0 ? 200 : 404, 1, `/page/${i}`))),
    )
    await driver.commit()
    const found = Object.entries(counts(driver))
    expect(found.length).toBe(12)
    expect(found.reduce((sum, [, count]) => sum + count, 0)).toBe(100)
    const ofStatus = found.filter(([id]) => id.includes('status="404"'))
    expect(ofStatus.reduce((sum, [, count]) => sum + count, 0)).toBe(50)
    expect(driver.counter('over_series_budget')).toBe(90)
  })
})

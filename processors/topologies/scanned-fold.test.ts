import { BUILT_IN_METRICS, type MetricDefinition, TOPICS } from '@weir/core'
import { mutatedValues, plainValues, styledValues } from '@weir/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DriverRecord, TopologyTestDriver } from '../runtime/topology-test-driver.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { logValue, request } from '../testing/records.ts'
import { combinerTopology } from './combiner.ts'
import { normalizeForeign } from './read-log-record.ts'

const START_MS = 1_700_000_000_000
const COUNTERS = ['unreadable', 'times_clamped', 'values_invalid', 'over_series_budget']
const HOUR_MS = 3_600_000

/** A combiner on either path, fed the same. */
class BothPaths {
  readonly scanning: TopologyTestDriver
  readonly decoding: TopologyTestDriver

  private constructor(scanning: TopologyTestDriver, decoding: TopologyTestDriver) {
    this.scanning = scanning
    this.decoding = decoding
  }

  static async open(definitions: readonly MetricDefinition[]): Promise<BothPaths> {
    const open = (fastPath: boolean) =>
      TopologyTestDriver.open(
        combinerTopology({
          definitions,
          watermark: { outOfOrdernessMs: 2_000, idleTimeoutMs: 30_000 },
          normalize: normalizeForeign,
          commitIntervalMs: 500,
          fastPath,
        }),
        { clock: new VirtualClock(START_MS), outputPartitions: { [TOPICS.metricDeltas]: 2 } },
      )
    return new BothPaths(await open(true), await open(false))
  }

  /** Has both take the values in and commit, and compares what they emit and count. */
  async expectTheSame(values: readonly Uint8Array[], advanceMs = 0): Promise<void> {
    const [scanned, decoded] = [await emitted(this.scanning, values), await emitted(this.decoding, values)]
    expect(scanned).toEqual(decoded)
    for (const name of COUNTERS) expect(this.scanning.counter(name), name).toBe(this.decoding.counter(name))
    for (const driver of [this.scanning, this.decoding]) driver.clock.advance(advanceMs)
  }
}

/** Bytes of all deltas, in the order of their keys: the paths may find the series of a commit in another order. */
async function emitted(driver: TopologyTestDriver, values: readonly Uint8Array[]): Promise<string[]> {
  await driver.pipeValues(values)
  await driver.commit()
  const hex = (bytes: Uint8Array | null) => (bytes === null ? '' : Buffer.from(bytes).toString('hex'))
  const text = ({ key, value }: DriverRecord) => `${hex(key)} ${hex(value)}`
  return [0, 1].flatMap((partition) => driver.take(TOPICS.metricDeltas, partition).map(text).sort())
}

const LABELLED_BY_NUMBER: MetricDefinition = {
  name: 'orders.value',
  description: 'A metric whose measure is a label of its own.',
  unit: '1',
  kind: 'distribution',
  labelNames: ['size'],
  maxSeries: 20,
  measure: 'http.response.body.size',
  valueAttributes: ['http.response.status_code'],
  labelAttributes: ['http.response.body.size'],
  valueOf: ({ attributes }) => {
    const size = attributes['http.response.body.size']
    return typeof size === 'number' ? size : undefined
  },
  labelValues: ({ attributes }) => [String(attributes['http.response.body.size'])],
}

describe('the fast path gives the same deltas, byte for byte', () => {
  it.each([
    ['the built-in metrics', BUILT_IN_METRICS],
    ['a metric whose measure is a label too', [...BUILT_IN_METRICS, LABELLED_BY_NUMBER]],
    ['a small budget of series', BUILT_IN_METRICS.map((each) => ({ ...each, maxSeries: 3 }))],
  ])('for %s, with records of many shapes', async (_sentence, definitions) => {
    let records = 0
    let scanned = 0
    const batch = fc.array(fc.oneof({ weight: 4, arbitrary: plainValues }, styledValues, mutatedValues), {
      minLength: 1,
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), async (batches) => {
        const both = await BothPaths.open(definitions)
        for (const values of batches) await both.expectTheSame(values, HOUR_MS / 2)
        records += batches.flat().length
        scanned += both.scanning.counter('records_scanned')
      }),
      { numRuns: 60 },
    )
    expect(scanned / records).toBeGreaterThan(0.4)
  })

  it('while more series come than there is room for, and old ones are forgotten', async () => {
    const both = await BothPaths.open(BUILT_IN_METRICS.map((each) => ({ ...each, maxSeries: 50 })))
    for (let hour = 0; hour < 6; hour++) {
      const values = Array.from({ length: 400 }, (_, i) =>
        logValue(START_MS + i * 100, request(i % 3 === 0 ? 500 : 200, i / 7, `/${hour}/${i % 80}`)),
      )
      await both.expectTheSame(values, 10)
      await both.expectTheSame(values, HOUR_MS)
    }
    expect(both.scanning.counter('over_series_budget')).toBeGreaterThan(0)
    expect(both.scanning.counter('records_scanned')).toBe(6 * 800)
  })
})

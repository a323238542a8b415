import { BUILT_IN_METRICS, BUILT_IN_WATCH_RULES, PANE_MS, RESOLUTIONS_MS, seriesId, TOPICS } from '@weir/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DriverRecord, TopologyTestDriver } from '../runtime/topology-test-driver.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'
import { Faults, MemoryAnomalyStore, MemoryMetricStore } from '../testing/memory-stores.ts'
import { logRecord, logValue, request } from '../testing/records.ts'
import { combinerTopology } from './combiner.ts'
import { normalizeForeign } from './read-log-record.ts'
import { windowerTopology } from './windower.ts'

const START_MS = 1_699_999_200_000

/** A log record, some seconds after the start; some come very late. */
const log = fc.record({
  kind: fc.constant('log' as const),
  atMs: fc.integer({ min: 0, max: 200_000 }),
  service: fc.constantFrom('web', 'cart'),
  status: fc.constantFrom(200, 404, 503),
})
const step = fc.oneof(
  { weight: 10, arbitrary: log },
  { weight: 2, arbitrary: fc.constant({ kind: 'combine' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'deliver' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'store' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash combiner' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash windower' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash while storing' as const),
      calls: fc.integer({ min: 0, max: 4 }),
      afterwards: fc.boolean(),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

class Pipeline {
  readonly #expected = new Map<string, number>()
  readonly #faults: Faults
  readonly #store: MemoryMetricStore
  readonly #combiner: TopologyTestDriver
  readonly #windower: TopologyTestDriver

  private constructor(
    combiner: TopologyTestDriver,
    windower: TopologyTestDriver,
    store: MemoryMetricStore,
    faults: Faults,
  ) {
    this.#combiner = combiner
    this.#windower = windower
    this.#store = store
    this.#faults = faults
  }

  static async open(maxWindows: number): Promise<Pipeline> {
    const clock = new VirtualClock(START_MS + 200_000)
    const faults = new Faults()
    const store = new MemoryMetricStore(faults)
    const watermark = { outOfOrdernessMs: 2_000, idleTimeoutMs: 30_000 }
    const combiner = await TopologyTestDriver.open(
      combinerTopology({
        definitions: BUILT_IN_METRICS,
        watermark,
        normalize: normalizeForeign,
        fastPath: true,
        commitIntervalMs: 500,
      }),
      { clock },
    )
    const windower = await TopologyTestDriver.open(
      windowerTopology({
        metricStore: store,
        anomalyStore: new MemoryAnomalyStore(faults),
        watchRules: BUILT_IN_WATCH_RULES,
        graceMs: 5_000,
        commitIntervalMs: 500,
        maxWindows,
      }),
      { clock },
    )
    return new Pipeline(combiner, windower, store, faults)
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const one of steps) await this.#step(one)
    await this.#combiner.commit()
    await this.#deliver()
    await this.#windower.commit()
  }

  /** Counts per series, resolution and window, as the store has them. */
  stored(): Record<string, number> {
    return Object.fromEntries([...this.#store.points].map(([key, { aggregate }]) => [key, aggregate.count]))
  }

  expected(): Record<string, number> {
    return Object.fromEntries(this.#expected)
  }

  closings(): number[] {
    return [...this.#store.closings.values()]
  }

  async #step(one: Step): Promise<void> {
    switch (one.kind) {
      case 'log':
        return await this.#log(one)
      case 'combine':
        return await this.#combiner.commit()
      case 'deliver':
        return await this.#deliver()
      case 'store':
        return await this.#windower.commit()
      case 'crash combiner':
        return await this.#combiner.crash()
      case 'crash windower':
        return await this.#windower.crash()
      case 'crash while storing':
        this.#faults.failAfter(one.calls, one.afterwards)
        await this.#windower.commit().catch((error: Error) => expect(error.message).toBe('the store went away'))
        this.#faults.heal()
        return await this.#windower.crash()
    }
  }

  async #log({ atMs, service, status }: Extract<Step, { kind: 'log' }>): Promise<void> {
    const timeMs = START_MS + atMs
    const fields = { service, ...request(status, 10) }
    await this.#combiner.pipeValues([logValue(timeMs, fields)])
    const record = logRecord(timeMs, fields)
    for (const metric of BUILT_IN_METRICS) {
      if (metric.valueOf(record) === undefined) continue
      const labels = Object.fromEntries(metric.labelNames.map((name, i) => [name, metric.labelValues(record)[i]!]))
      for (const resolutionMs of RESOLUTIONS_MS) {
        const key = `${seriesId({ metric: metric.name, labels })} ${resolutionMs} ${timeMs - (timeMs % resolutionMs)}`
        this.#expected.set(key, (this.#expected.get(key) ?? 0) + 1)
      }
    }
  }

  async #deliver(): Promise<void> {
    const deltas: DriverRecord[] = this.#combiner.take(TOPICS.metricDeltas)
    if (deltas.length > 0) await this.#windower.pipe(deltas)
  }
}

describe('killed at any moment', () => {
  it.each([
    ['with all windows in memory', 10_000],
    ['with hardly any window in memory', 8],
  ])(
    'the pipeline counts each record once, and closes each window once, %s',
    { timeout: 60_000 },
    async (_s, maxWindows) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const pipeline = await Pipeline.open(maxWindows)
          await pipeline.run(steps)
          expect(pipeline.stored()).toEqual(pipeline.expected())
          expect(pipeline.closings().every((times) => times === 1)).toBe(true)
        }),
        { numRuns: 150 },
      )
    },
  )

  it('panes are the finest windows, so that no window is made of half a delta', () => {
    for (const resolutionMs of RESOLUTIONS_MS) expect(resolutionMs % PANE_MS).toBe(0)
  })
})

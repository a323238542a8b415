import {
  type Anomaly,
  type AnomalyStore,
  DDSketch,
  type DeltaPartition,
  type LogEntry,
  type LogSource,
  type LogStore,
  type MetricStore,
  seriesId,
  WeirError,
  type WindowKey,
  type WindowPoint,
} from '@weir/core'

/** Fails on demand, before or after its work was done, as a store does whose process or disk goes away. */
export class Faults {
  #countdown = Number.POSITIVE_INFINITY
  #afterwards = false

  /**
   * @param calls      that still succeed
   * @param afterwards whether the failing call does its work first
   */
  failAfter(calls: number, afterwards: boolean): void {
    this.#countdown = calls
    this.#afterwards = afterwards
  }

  heal(): void {
    this.#countdown = Number.POSITIVE_INFINITY
  }

  run(work: () => void): void {
    const fails = this.#countdown-- <= 0
    if (!fails || this.#afterwards) work()
    if (fails) throw new WeirError('WEIR_STORE_FAILED', 'the store went away')
  }
}

function keyOf({ series, resolutionMs, startMs }: WindowKey): string {
  return `${seriesId(series)} ${resolutionMs} ${startMs}`
}

/** Holds copies, as a store on disk does. */
function copyOf(point: WindowPoint): WindowPoint {
  const { series, resolutionMs, startMs, revision, closed, source, aggregate } = point
  const sketch = aggregate.sketch === null ? null : DDSketch.decode(aggregate.sketch.encode())
  return { series, resolutionMs, startMs, revision, closed, source, aggregate: { ...aggregate, sketch } }
}

function unused(): never {
  throw new Error('the processors do not call this')
}

/** The part of the metric store that the windower uses, in memory. */
export class MemoryMetricStore implements MetricStore {
  readonly faults: Faults
  readonly points = new Map<string, WindowPoint>()
  loads = 0
  /** How often each window was stored as closed with revision 0. */
  readonly closings = new Map<string, number>()

  constructor(faults = new Faults()) {
    this.faults = faults
  }

  async upsert(points: readonly WindowPoint[]): Promise<void> {
    this.faults.run(() => {
      for (const point of points) {
        const key = keyOf(point)
        const wasOpen = this.points.get(key)?.closed !== true
        if (point.closed && wasOpen) this.closings.set(key, (this.closings.get(key) ?? 0) + 1)
        this.points.set(key, copyOf(point))
      }
    })
  }

  async load(keys: readonly WindowKey[]): Promise<(WindowPoint | undefined)[]> {
    this.loads++
    return keys.map((key) => {
      const point = this.points.get(keyOf(key))
      return point && copyOf(point)
    })
  }

  async loadOpen({ topicId, partition }: DeltaPartition): Promise<WindowPoint[]> {
    const open = [...this.points.values()].filter(({ closed }) => !closed)
    return open.filter(({ source }) => source.topicId === topicId && source.partition === partition).map(copyOf)
  }

  /** The point of a series, if it is stored. */
  at(metric: string, labels: Record<string, string>, resolutionMs: number, startMs: number): WindowPoint | undefined {
    return this.points.get(keyOf({ series: { metric, labels }, resolutionMs, startMs }))
  }

  async applyRetention(): Promise<void> {}
  async close(): Promise<void> {}
  query = unused
  metrics = unused
  labelValues = unused
}

export class MemoryAnomalyStore implements AnomalyStore {
  readonly faults: Faults
  readonly anomalies = new Map<string, Anomaly>()

  constructor(faults = new Faults()) {
    this.faults = faults
  }

  async put(anomalies: readonly Anomaly[]): Promise<void> {
    this.faults.run(() => {
      for (const anomaly of anomalies) this.anomalies.set(anomaly.id, anomaly)
    })
  }

  async query(): Promise<Anomaly[]> {
    return [...this.anomalies.values()]
  }

  async applyRetention(): Promise<void> {}
  async close(): Promise<void> {}
}

/** The part of the log store that the indexer uses, in memory. */
export class MemoryLogStore implements LogStore {
  readonly faults = new Faults()
  readonly entries = new Map<string, LogEntry>()
  appends = 0

  async append({ topicId, partition }: LogSource, entries: readonly LogEntry[]): Promise<void> {
    this.appends++
    this.faults.run(() => {
      for (const entry of entries) {
        const id = `${topicId}-${partition}-${entry.offset}`
        if (!this.entries.has(id)) this.entries.set(id, entry)
      }
    })
  }

  async count(): Promise<number> {
    return this.entries.size
  }

  async applyRetention(): Promise<void> {}
  async close(): Promise<void> {}
  search = unused
  get = unused
  services = unused
}

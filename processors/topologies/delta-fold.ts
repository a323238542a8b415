import {
  type Aggregate,
  DDSketch,
  LabelIndex,
  type LabelSet,
  type LogRecord,
  type MetricDefinition,
  PANE_MS,
  type Series,
} from '@weir/core'

/** Definitions that give a record the same labels, so that its series are looked up once. */
interface LabelGroup {
  readonly definitions: readonly MetricDefinition[]
  readonly labelNames: readonly string[]
  readonly labelValues: MetricDefinition['labelValues']
  readonly index: LabelIndex
  readonly values: (number | undefined)[]
}

/** What was folded of one label set into one pane: an aggregate per definition of its group. */
interface Cell {
  readonly paneStartMs: number
  maxEventTimeMs: number
  readonly aggregates: (Aggregate | undefined)[]
  /** Another pane of the same labels. */
  next: Cell | undefined
}

export interface FoldedDelta {
  readonly labels: LabelSet
  readonly definition: MetricDefinition
  readonly paneStartMs: number
  readonly maxEventTimeMs: number
  readonly aggregate: Aggregate
}

/** The series of all definitions that a combiner process knows of, within their budgets; shared by its tasks. */
export class SeriesCatalog {
  readonly groups: readonly LabelGroup[]

  constructor(definitions: readonly MetricDefinition[]) {
    const byLabels = Map.groupBy(definitions, (definition) => definition.labelValues)
    this.groups = [...byLabels].map(([labelValues, group]) => {
      const labelNames = group[0]!.labelNames
      const maxSeries = Math.min(...group.map((definition) => definition.maxSeries))
      const index = new LabelIndex(labelNames.length, maxSeries)
      return { definitions: group, labelNames, labelValues, index, values: new Array(group.length).fill(undefined) }
    })
  }

  /** Records counted under `__other__` since the start, over all definitions' label sets. */
  get overflows(): number {
    return this.groups.reduce((sum, group) => sum + group.index.overflows, 0)
  }
}

export function seriesOf(definition: MetricDefinition, labels: LabelSet): Series {
  const entries = definition.labelNames.map((name, i) => [name, labels.values[i] ?? ''] as const)
  return { metric: definition.name, labels: Object.fromEntries(entries.filter(([, value]) => value !== '')) }
}

/** Folds log records into mergeable deltas per (series, pane). */
export class DeltaFold {
  readonly #catalog: SeriesCatalog
  readonly #cells: Map<LabelSet, Cell>[]
  #size = 0
  #invalidValues = 0

  constructor(catalog: SeriesCatalog) {
    this.#catalog = catalog
    this.#cells = catalog.groups.map(() => new Map())
  }

  /** Pairs of label set and pane held. */
  get size(): number {
    return this.#size
  }

  /** Values left out because they are not finite numbers, since the start. */
  get invalidValues(): number {
    return this.#invalidValues
  }

  /**
   * @param eventTimeMs of the record, ms since the epoch, ≥ 0
   * @param nowMs       wall clock, for the budget of series
   */
  add(record: LogRecord, eventTimeMs: number, nowMs: number): void {
    const paneStartMs = eventTimeMs - (eventTimeMs % PANE_MS)
    const { groups } = this.#catalog
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i]!
      if (!this.#readValues(group, record)) continue
      const labels = group.index.lookup(group.labelValues(record), nowMs)
      const cell = this.#cell(this.#cells[i]!, labels, paneStartMs, group.definitions.length)
      if (eventTimeMs > cell.maxEventTimeMs) cell.maxEventTimeMs = eventTimeMs
      this.#fold(group, cell)
    }
  }

  /** All that was folded since the last drain; the fold is empty then. */
  *drain(): Generator<FoldedDelta> {
    for (const [i, group] of this.#catalog.groups.entries()) {
      for (const [labels, first] of this.#cells[i]!) {
        for (let cell: Cell | undefined = first; cell !== undefined; cell = cell.next) {
          const { paneStartMs, maxEventTimeMs } = cell
          for (const [at, aggregate] of cell.aggregates.entries()) {
            if (aggregate === undefined) continue
            yield { labels, definition: group.definitions[at]!, paneStartMs, maxEventTimeMs, aggregate }
          }
        }
      }
      this.#cells[i]!.clear()
    }
    this.#size = 0
  }

  /** @returns whether the record belongs to any definition of the group */
  #readValues(group: LabelGroup, record: LogRecord): boolean {
    let any = false
    for (let i = 0; i < group.definitions.length; i++) {
      let value = group.definitions[i]!.valueOf(record)
      if (value !== undefined && !Number.isFinite(value)) {
        this.#invalidValues++
        value = undefined
      }
      group.values[i] = value
      any ||= value !== undefined
    }
    return any
  }

  #cell(cells: Map<LabelSet, Cell>, labels: LabelSet, paneStartMs: number, definitions: number): Cell {
    const first = cells.get(labels)
    for (let cell = first; cell !== undefined; cell = cell.next) {
      if (cell.paneStartMs === paneStartMs) return cell
    }
    const aggregates = new Array<Aggregate | undefined>(definitions).fill(undefined)
    const cell: Cell = { paneStartMs, maxEventTimeMs: paneStartMs, aggregates, next: first }
    cells.set(labels, cell)
    this.#size++
    return cell
  }

  #fold(group: LabelGroup, cell: Cell): void {
    for (let i = 0; i < group.definitions.length; i++) {
      const value = group.values[i]
      if (value === undefined) continue
      let aggregate = cell.aggregates[i]
      if (aggregate === undefined) {
        const sketch = group.definitions[i]!.kind === 'distribution' ? new DDSketch() : null
        aggregate = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sketch }
        cell.aggregates[i] = aggregate
      }
      aggregate.count++
      aggregate.sum += value
      if (value < aggregate.min) aggregate.min = value
      if (value > aggregate.max) aggregate.max = value
      if (aggregate.sketch !== null) aggregate.sketch.add(value)
    }
  }
}

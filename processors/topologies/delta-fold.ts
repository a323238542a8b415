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
export interface LabelGroup {
  readonly definitions: readonly MetricDefinition[]
  readonly labelValues: MetricDefinition['labelValues']
  readonly index: LabelIndex
  readonly values: (number | undefined)[]
}

/** What was folded of one label set into one pane: an aggregate per definition of its group. */
export interface Cell {
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
      const maxSeries = Math.min(...group.map((definition) => definition.maxSeries))
      const index = new LabelIndex(group[0]!.labelNames.length, maxSeries)
      return { definitions: group, labelValues, index, values: new Array(group.length).fill(undefined) }
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
  #drains = 0
  /** Values left out because they are not finite numbers, since the start. */
  invalidValues = 0

  constructor(catalog: SeriesCatalog) {
    this.#catalog = catalog
    this.#cells = catalog.groups.map(() => new Map())
  }

  /** Pairs of label set and pane held. */
  get size(): number {
    return this.#size
  }

  /** Rises when the cells handed out before are of no use any more. */
  get drains(): number {
    return this.#drains
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
      const cell = this.cellOf(i, labels, paneStartMs)
      if (eventTimeMs > cell.maxEventTimeMs) cell.maxEventTimeMs = eventTimeMs
      for (let at = 0; at < group.values.length; at++) {
        const value = group.values[at]
        if (value !== undefined) foldValue(cell, group.definitions[at]!, at, value)
      }
    }
  }

  /**
   * The cell of a label set and pane, made if need be; good until the next drain.
   *
   * @param groupIndex of the label set's group in the catalog
   */
  cellOf(groupIndex: number, labels: LabelSet, paneStartMs: number): Cell {
    const cells = this.#cells[groupIndex]!
    const first = cells.get(labels)
    for (let cell = first; cell !== undefined; cell = cell.next) {
      if (cell.paneStartMs === paneStartMs) return cell
    }
    const { definitions } = this.#catalog.groups[groupIndex]!
    const aggregates = new Array<Aggregate | undefined>(definitions.length).fill(undefined)
    const cell: Cell = { paneStartMs, maxEventTimeMs: paneStartMs, aggregates, next: first }
    cells.set(labels, cell)
    this.#size++
    return cell
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
    this.#drains++
  }

  /** @returns whether the record belongs to any definition of the group */
  #readValues(group: LabelGroup, record: LogRecord): boolean {
    let any = false
    for (let i = 0; i < group.definitions.length; i++) {
      let value = group.definitions[i]!.valueOf(record)
      if (value !== undefined && !Number.isFinite(value)) {
        this.invalidValues++
        value = undefined
      }
      group.values[i] = value
      any ||= value !== undefined
    }
    return any
  }
}

/** @param at index of the definition in its group */
export function foldValue(cell: Cell, definition: MetricDefinition, at: number, value: number): void {
  let aggregate = cell.aggregates[at]
  if (aggregate === undefined) {
    const sketch = definition.kind === 'distribution' ? new DDSketch() : null
    aggregate = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sketch }
    cell.aggregates[at] = aggregate
  }
  aggregate.count++
  aggregate.sum += value
  if (value < aggregate.min) aggregate.min = value
  if (value > aggregate.max) aggregate.max = value
  if (aggregate.sketch !== null) aggregate.sketch.add(value)
}

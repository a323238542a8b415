import { WeirError } from '../errors.ts'
import type { MetricGroup, MetricQuery, MetricResult } from '../ports/metric-store.ts'
import { DDSketch } from '../sketches/dd-sketch.ts'
import { type Aggregate, type AggregateName, aggregateValue, mergeAggregate } from './aggregate.ts'
import { type ResolutionMs, resolutionFor } from './resolution.ts'
import type { Labels } from './series.ts'

/** Most numbers (steps × groups) in an answer. */
export const MAX_CELLS = 1_000_000

/** The range of a query in steps. */
export interface RangePlan {
  readonly resolutionMs: ResolutionMs
  readonly steps: number
  /** Whether an aggregate needs the sketches. */
  readonly quantiles: boolean
}

/**
 * @throws WEIR_QUERY_INVALID if the step is no multiple of a resolution or the range is not in whole steps
 * @throws WEIR_QUERY_TOO_COSTLY if the range has more than 1,000,000 steps
 */
export function planRange(query: MetricQuery): RangePlan {
  const { fromMs, toMs, stepMs } = query
  const resolutionMs = resolutionFor(stepMs)
  if (resolutionMs === undefined) {
    throw new WeirError('WEIR_QUERY_INVALID', `The step of ${stepMs} ms is not a multiple of 10,000 ms; choose one.`)
  }
  if (!(fromMs < toMs) || fromMs % stepMs !== 0 || toMs % stepMs !== 0) {
    throw new WeirError(
      'WEIR_QUERY_INVALID',
      `The range [${fromMs}, ${toMs}) is not in whole steps of ${stepMs} ms; round both ends to multiples of the step.`,
    )
  }
  if (!(query.maxGroups >= 1)) throw new WeirError('WEIR_QUERY_INVALID', 'maxGroups must be at least 1.')
  const steps = (toMs - fromMs) / stepMs
  if (steps > MAX_CELLS) throw tooManyCells(steps, 1)
  return { resolutionMs, steps, quantiles: query.aggregates.some((name) => name.startsWith('p')) }
}

/**
 * Folds windows into the columns of a query, group by group. Counts and sums add up, quantiles come from merged
 * sketches, and a step without any window stays null.
 */
export class RangeFold {
  readonly #query: MetricQuery
  readonly #plan: RangePlan
  readonly #groups: GroupFold[] = []

  constructor(query: MetricQuery, plan: RangePlan) {
    this.#query = query
    this.#plan = plan
  }

  /**
   * @returns the group's number for {@link add}
   * @throws WEIR_QUERY_TOO_COSTLY if the answer would have more than 1,000,000 numbers per aggregate
   */
  addGroup(labels: Labels): number {
    const groups = this.#groups.length + 1
    if (groups * this.#plan.steps > MAX_CELLS) throw tooManyCells(this.#plan.steps, groups)
    return this.#groups.push(new GroupFold(labels, this.#plan.steps)) - 1
  }

  /**
   * Merges a window into its step; one outside of the range is left out.
   *
   * @param sketch encoded, null if the window has none or no quantile is asked for
   */
  add(
    group: number,
    startMs: number,
    count: number,
    sum: number,
    min: number,
    max: number,
    sketch: Uint8Array | null,
  ): void {
    if (startMs < this.#query.fromMs || startMs >= this.#query.toMs) return
    const step = Math.floor((startMs - this.#query.fromMs) / this.#query.stepMs)
    this.#groups[group]!.add(step, count, sum, min, max, sketch)
  }

  /**
   * @param alreadyDropped groups that the caller left out before folding
   */
  result(alreadyDropped = 0): MetricResult {
    const { fromMs, toMs, stepMs, aggregates, maxGroups } = this.#query
    const folded = this.#groups.filter((group) => !group.isEmpty).sort((a, b) => b.count - a.count)
    return {
      stepMs,
      fromMs,
      steps: this.#plan.steps,
      groups: folded.slice(0, maxGroups).map((group) => group.result(aggregates, stepMs, toMs - fromMs)),
      droppedGroups: alreadyDropped + Math.max(0, folded.length - maxGroups),
    }
  }
}

interface StepFold {
  readonly aggregate: Aggregate
  /** The only sketch so far, still encoded: most steps of a fine grouping have one. */
  encoded: Uint8Array | null
}

class GroupFold {
  readonly #labels: Labels
  readonly #steps: (StepFold | undefined)[]
  count = 0
  isEmpty = true

  constructor(labels: Labels, steps: number) {
    this.#labels = labels
    this.#steps = new Array<StepFold | undefined>(steps).fill(undefined)
  }

  add(step: number, count: number, sum: number, min: number, max: number, sketch: Uint8Array | null): void {
    this.isEmpty = false
    this.count += count
    const folded = this.#steps[step]
    if (folded === undefined) {
      this.#steps[step] = { aggregate: { count, sum, min, max, sketch: null }, encoded: sketch }
      return
    }
    const { aggregate } = folded
    mergeAggregate(aggregate, { count, sum, min, max, sketch: null })
    if (sketch === null) return
    if (aggregate.sketch !== null) {
      aggregate.sketch.mergeEncoded(sketch)
    } else if (folded.encoded === null) {
      folded.encoded = sketch
    } else {
      aggregate.sketch = DDSketch.decode(folded.encoded)
      aggregate.sketch.mergeEncoded(sketch)
      folded.encoded = null
    }
  }

  result(names: readonly AggregateName[], stepMs: number, rangeMs: number): MetricGroup {
    const total: Aggregate = { count: 0, sum: 0, min: Infinity, max: -Infinity, sketch: null }
    const columns = names.map(() => new Array<number | null>(this.#steps.length).fill(null))
    const scratch = new DDSketch()
    this.#steps.forEach((folded, step) => {
      if (folded === undefined) return
      const { encoded } = folded
      let { aggregate } = folded
      if (encoded !== null) {
        scratch.clear()
        scratch.mergeEncoded(encoded)
        aggregate = { ...aggregate, sketch: scratch }
      }
      if (aggregate.sketch !== null) total.sketch ??= new DDSketch()
      mergeAggregate(total, aggregate)
      names.forEach((name, i) => {
        columns[i]![step] = aggregateValue(aggregate, name, stepMs) ?? null
      })
    })
    return {
      labels: this.#labels,
      totals: Object.fromEntries(names.map((name) => [name, aggregateValue(total, name, rangeMs) ?? null])),
      columns: Object.fromEntries(names.map((name, i) => [name, columns[i]!])),
    }
  }
}

function tooManyCells(steps: number, groups: number): WeirError {
  return new WeirError(
    'WEIR_QUERY_TOO_COSTLY',
    `The answer would have ${steps} steps for ${groups} or more groups, over ${MAX_CELLS} numbers; choose a longer step, a shorter range or fewer groups.`,
  )
}

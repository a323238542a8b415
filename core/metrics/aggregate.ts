import type { DDSketch } from '../sketches/dd-sketch.ts'

/** What a window knows of its values. For a metric that only counts, sum = count, min = max = 1 and no sketch. */
export interface Aggregate {
  /** Log records folded in, ≥ 0. */
  count: number
  sum: number
  /** +Infinity while count is 0. */
  min: number
  /** -Infinity while count is 0. */
  max: number
  /** Present for distributions. */
  sketch: DDSketch | null
}

export function mergeAggregate(into: Aggregate, from: Aggregate): void {
  into.count += from.count
  into.sum += from.sum
  if (from.min < into.min) into.min = from.min
  if (from.max > into.max) into.max = from.max
  if (from.sketch && into.sketch) into.sketch.merge(from.sketch)
}

export const AGGREGATE_NAMES = ['count', 'rate', 'sum', 'avg', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const
export type AggregateName = (typeof AGGREGATE_NAMES)[number]

/**
 * One number of an aggregate. `rate` is count per second of the step.
 *
 * @returns undefined where it has no meaning: avg, min, max or a quantile of nothing, a quantile without a sketch
 */
export function aggregateValue(aggregate: Aggregate, name: AggregateName, stepMs: number): number | undefined {
  switch (name) {
    case 'count':
      return aggregate.count
    case 'rate':
      return aggregate.count / (stepMs / 1000)
    case 'sum':
      return aggregate.sum
    default:
      break
  }
  if (aggregate.count === 0) return undefined
  switch (name) {
    case 'avg':
      return aggregate.sum / aggregate.count
    case 'min':
      return aggregate.min
    case 'max':
      return aggregate.max
    default:
      return aggregate.sketch === null ? undefined : aggregate.sketch.quantile(Number(name.slice(1)) / 100)
  }
}

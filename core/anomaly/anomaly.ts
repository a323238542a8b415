import type { AggregateName } from '../metrics/aggregate.ts'
import type { Labels } from '../metrics/series.ts'

/** A closed window whose value a detector did not expect. */
export interface Anomaly {
  /** Series, aggregate, window and detector as text: the same finding has the same id, so a replay changes nothing. */
  readonly id: string
  readonly metric: string
  readonly labels: Labels
  readonly aggregate: AggregateName
  readonly resolutionMs: number
  /** Start of the window, ms since the epoch. */
  readonly startMs: number
  /** What was seen, in the metric's unit. */
  readonly value: number
  /** What was expected; low ≤ high. */
  readonly expected: { readonly low: number; readonly high: number }
  /** How unusual: for the z-score detector |z|, ≥ its threshold. */
  readonly score: number
  readonly severity: 'warn' | 'error'
  readonly detector: string
  /** One sentence for people. */
  readonly reason: string
}

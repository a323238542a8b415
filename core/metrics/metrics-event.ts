import type { Labels } from './series.ts'

/**
 * A record of topic `metrics`, JSON. A `progress` mark follows each flush of a windower task: everything it says is
 * readable in the metric store by then.
 */
export type MetricsEvent = ProgressEvent | WindowEvent

export interface ProgressEvent {
  readonly kind: 'progress'
  /** Partition of `metric-deltas`. */
  readonly partition: number
  /** Windows that end at or before this are complete up to the allowed out-of-orderness. ms since the epoch */
  readonly watermarkMs: number
  /** Newest event time merged in, ms since the epoch. */
  readonly maxEventTimeMs: number
  /** Metrics with changed windows since the last mark. */
  readonly metrics: readonly string[]
  /** Wall-clock time of the mark, ms since the epoch. */
  readonly atMs: number
}

export interface WindowEvent {
  readonly kind: 'window'
  readonly metric: string
  readonly labels: Labels
  readonly resolutionMs: number
  readonly startMs: number
  readonly revision: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly p50?: number
  readonly p90?: number
  readonly p95?: number
  readonly p99?: number
}

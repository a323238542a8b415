import type { Aggregate, AggregateName } from '../metrics/aggregate.ts'
import type { Labels, Series } from '../metrics/series.ts'

/**
 * Windows of metrics. It is the windower's state store: each point carries the offset of the last delta merged into it,
 * so that a replay changes nothing.
 */
export interface MetricStore {
  /** Writes each point over the one with the same key. Resolves once all survive a kill -9. */
  upsert(points: readonly WindowPoint[]): Promise<void>
  /** The points of the keys, in their order; undefined where the store has none. */
  load(keys: readonly WindowKey[]): Promise<(WindowPoint | undefined)[]>
  /** Every point of the partition with `closed` false: what a restarted windower must still close. */
  loadOpen(source: DeltaPartition): Promise<WindowPoint[]>
  /** Merged windows over a time range: see {@link MetricQuery}. */
  query(query: MetricQuery): Promise<MetricResult>
  /** Names of the metrics that have points, with the label names and how many series each has. */
  metrics(): Promise<MetricSummary[]>
  /** Values of a label among the series of a metric, sorted, at most `limit`. */
  labelValues(metric: string, label: string, limit: number): Promise<string[]>
  /** Drops what is older than the retention of its resolution. */
  applyRetention(nowMs: number): Promise<void>
  close(): Promise<void>
}

export interface WindowKey {
  readonly series: Series
  /** One of RESOLUTIONS_MS. */
  readonly resolutionMs: number
  /** Start of `[start, start + resolution)`, ms since the epoch, a multiple of the resolution. */
  readonly startMs: number
}

export interface WindowPoint extends WindowKey {
  readonly aggregate: Aggregate
  /** Corrections after the window was closed; 0 before. */
  readonly revision: number
  readonly closed: boolean
  readonly source: DeltaPosition
}

export interface DeltaPartition {
  /** Identity of topic `metric-deltas`: a recreated topic has another. */
  readonly topicId: string
  readonly partition: number
}

export interface DeltaPosition extends DeltaPartition {
  /** Of the last delta merged in. */
  readonly offset: number
}

export interface LabelFilter {
  readonly label: string
  readonly op: 'in' | 'not-in'
  /** '' matches series without the label. */
  readonly values: readonly string[]
}

export interface MetricQuery {
  readonly metric: string
  readonly filters: readonly LabelFilter[]
  /** Series with equal values of these labels are merged; empty: all into one. */
  readonly groupBy: readonly string[]
  readonly aggregates: readonly AggregateName[]
  /** Inclusive, ms since the epoch, a multiple of the step. */
  readonly fromMs: number
  /** Exclusive, a multiple of the step. */
  readonly toMs: number
  /** A multiple of one of RESOLUTIONS_MS; windows are read at the coarsest resolution that divides it. */
  readonly stepMs: number
  /** Groups beyond this many, by least total count, are left out and counted in `droppedGroups`. */
  readonly maxGroups: number
}

export interface MetricResult {
  readonly stepMs: number
  readonly fromMs: number
  /** Steps in the range: column values are for `fromMs + i * stepMs`. */
  readonly steps: number
  /** Most records first. */
  readonly groups: readonly MetricGroup[]
  readonly droppedGroups: number
}

export interface MetricGroup {
  readonly labels: Labels
  /** Over the whole range. */
  readonly totals: Readonly<Partial<Record<AggregateName, number | null>>>
  /** One array of `steps` values per aggregate; null where no window lies (a gap, not a zero). */
  readonly columns: Readonly<Partial<Record<AggregateName, readonly (number | null)[]>>>
}

export interface MetricSummary {
  readonly metric: string
  readonly labelNames: readonly string[]
  readonly series: number
}

import type { LogRecord } from '../records/log-record.ts'

/** How a stream of log records becomes a metric: which records, which number, grouped by which labels. */
export interface MetricDefinition {
  readonly name: string
  /** What it measures, one sentence for people. */
  readonly description: string
  /** UCUM-like unit of the values: `1`, `ms`, `By`. */
  readonly unit: string
  /** `count` folds 1 per record; `sum` adds values; `distribution` keeps a quantile sketch besides. */
  readonly kind: 'count' | 'sum' | 'distribution'
  /** Label names, in the order of `labelValues`; at most 5. */
  readonly labelNames: readonly string[]
  /** Most series at a time; records past it go to a series whose label values are `__other__`. */
  readonly maxSeries: number
  /** The value of a record, undefined if the record does not belong to the metric. 1 for `count`. */
  readonly valueOf: (record: LogRecord) => number | undefined
  /** Values of `labelNames` for a record that belongs; '' where it has none. */
  readonly labelValues: (record: LogRecord) => readonly string[]
}

import type { LogRecord } from '../records/log-record.ts'

/** What a metric may read of a log record: fields that can be had without decoding the record. */
export type MetricFields = Pick<LogRecord, 'service' | 'severityNumber' | 'attributes'>

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
  /**
   * The attribute whose number is the value of every record that belongs. Whether a record belongs may hang on the
   * presence and type of this attribute, not on the number.
   */
  readonly measure?: string
  /** The other attributes that `valueOf` reads, of few different values each; what is not named may be missing. */
  readonly valueAttributes: readonly string[]
  /** The attributes that `labelValues` reads, likewise. */
  readonly labelAttributes: readonly string[]
  /** The value of a record, undefined if the record does not belong to the metric. 1 for `count`. A pure function. */
  readonly valueOf: (record: MetricFields) => number | undefined
  /** Values of `labelNames` for a record that belongs; '' where it has none. A pure function. */
  readonly labelValues: (record: MetricFields) => readonly string[]
}

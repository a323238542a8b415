export type { Anomaly } from './anomaly/anomaly.ts'
export { ERROR_CODES, type ErrorCode, WeirError } from './errors.ts'
export {
  AGGREGATE_NAMES,
  type Aggregate,
  type AggregateName,
  aggregateValue,
  mergeAggregate,
} from './metrics/aggregate.ts'
export type { MetricDefinition } from './metrics/definition.ts'
export type { MetricsEvent, ProgressEvent, WindowEvent } from './metrics/metrics-event.ts'
export { chooseStepMs, PANE_MS, RESOLUTIONS_MS, type ResolutionMs, resolutionFor } from './metrics/resolution.ts'
export { type Labels, OTHER, type Series, seriesId } from './metrics/series.ts'
export type * from './ports/anomaly-store.ts'
export type * from './ports/broker.ts'
export type { Clock } from './ports/clock.ts'
export type * from './ports/document-store.ts'
export type * from './ports/log-store.ts'
export type * from './ports/metric-store.ts'
export type * from './ports/role.ts'
export {
  type Attributes,
  type AttributeValue,
  decodeLogRecord,
  encodeLogRecord,
  isLogRecord,
  type LogRecord,
} from './records/log-record.ts'
export { murmur2, partitionOf } from './records/partitioner.ts'
export { RecordBatch, type RecordColumns, type RecordHeaders } from './records/record-batch.ts'
export { RecordBatchBuilder } from './records/record-batch-builder.ts'
export { SEVERITIES, type Severity, severityFloor, severityName } from './records/severity.ts'
export { DDSketch, MAX_BINS, RELATIVE_ACCURACY } from './sketches/dd-sketch.ts'
export { Varints } from './sketches/varints.ts'
export { DEAD_LETTER_HEADERS, TOPICS, type Topic } from './topics.ts'

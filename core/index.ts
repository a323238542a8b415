export type { Anomaly } from './anomaly/anomaly.ts'
export type { Detector, DetectorPoint, Verdict } from './anomaly/detector.ts'
export {
  DETECTOR_STATE_BYTES,
  DefaultDetector,
  type DetectionReason,
  type DetectionVerdict,
  type SeriesPoint,
} from './anomaly/detectors/default-detector.ts'
export { BUILT_IN_WATCH_RULES, HISTORY_WINDOWS, type WatchRule } from './anomaly/watch-rules.ts'
export { type Finding, wordFinding } from './anomaly/wording.ts'
export type { ZScoreState } from './anomaly/z-score.ts'
export { ERROR_CODES, type ErrorCode, WeirError } from './errors.ts'
export {
  AGGREGATE_NAMES,
  type Aggregate,
  type AggregateName,
  aggregateValue,
  mergeAggregate,
} from './metrics/aggregate.ts'
export { BUILT_IN_METRICS } from './metrics/built-in.ts'
export type { MetricDefinition, MetricFields } from './metrics/definition.ts'
export {
  decodeDelta,
  encodeDelta,
  encodeMark,
  type MetricDelta,
  type PaneDelta,
  type WatermarkMark,
} from './metrics/delta.ts'
export { groupLabels, passesFilters } from './metrics/label-filter.ts'
export { LabelIndex, type LabelSet } from './metrics/label-index.ts'
export type { MetricsEvent, ProgressEvent, WindowEvent } from './metrics/metrics-event.ts'
export { planRange, RangeFold, type RangePlan } from './metrics/range-fold.ts'
export { chooseStepMs, PANE_MS, RESOLUTIONS_MS, type ResolutionMs, resolutionFor } from './metrics/resolution.ts'
export { type Labels, OTHER, type Series, seriesId } from './metrics/series.ts'
export { parseSeriesId } from './metrics/series-id.ts'
export { parseMethod } from './normalize/http-fields.ts'
export { normalizeBytes } from './normalize/normalize-bytes.ts'
export { normalizeRecord } from './normalize/normalize-record.ts'
export {
  ADJUSTED,
  MAX_AHEAD_MS,
  type NormalizeContext,
  type NormalizedRecord,
  type RefusedRecord,
} from './normalize/normalized-record.ts'
export { parseTime } from './normalize/parse-time.ts'
export {
  OTHER_PATTERN_ID,
  type Pattern,
  type PatternMatch,
  PatternMiner,
  type PatternMinerOptions,
} from './patterns/pattern-miner.ts'
export type * from './ports/anomaly-store.ts'
export type * from './ports/broker.ts'
export type { Clock } from './ports/clock.ts'
export type * from './ports/document-store.ts'
export type * from './ports/log-store.ts'
export type * from './ports/metric-store.ts'
export type * from './ports/role.ts'
export { matchesTextTerms, matchesTokens, type TermTokens, termTokens } from './query/match-text.ts'
export { searchableText } from './query/searchable-text.ts'
export { parseTextTerms } from './query/text-terms.ts'
export { isAscii, tokensOf } from './query/tokens.ts'
export {
  type Attributes,
  type AttributeValue,
  decodeLogRecord,
  encodeLogRecord,
  isLogRecord,
  type LogRecord,
} from './records/log-record.ts'
export { LogScanner, type WantedAttributes } from './records/log-scanner.ts'
export { murmur2, partitionOf } from './records/partitioner.ts'
export { RecordBatch, type RecordColumns, type RecordHeaders } from './records/record-batch.ts'
export { RecordBatchBuilder } from './records/record-batch-builder.ts'
export { SEVERITIES, type Severity, severityFloor, severityName } from './records/severity.ts'
export { DDSketch, MAX_BINS, RELATIVE_ACCURACY } from './sketches/dd-sketch.ts'
export { Varints } from './sketches/varints.ts'
export { DEAD_LETTER_HEADERS, TOPICS, type Topic } from './topics.ts'
export {
  DEFAULT_WATERMARK_OPTIONS,
  type SourceMark,
  SourceWatermark,
  type WatermarkOptions,
} from './windows/source-watermark.ts'
export { TaskWatermark } from './windows/task-watermark.ts'
export { TumblingWindows } from './windows/tumbling-windows.ts'

/** Names of the topics between the parts. */
export const TOPICS = {
  /** Normalised log records as JSON; key: service or null. */
  logs: 'logs',
  /** Records that ingest or the indexer could not use: the original bytes (bounded), the reason in headers. */
  logsDeadLetter: 'logs.dead-letter',
  /** Mergeable deltas per (series, 10 s pane) from the combiner; key: series id. */
  metricDeltas: 'metric-deltas',
  /** Deltas that the windower could not read. */
  metricDeltasDeadLetter: 'metric-deltas.dead-letter',
  /** Progress marks and closed windows, for live readers; see core/metrics/metrics-event.ts. */
  metrics: 'metrics',
  /** Anomalies as JSON; key: series id. */
  anomalies: 'anomalies',
} as const
export type Topic = (typeof TOPICS)[keyof typeof TOPICS]

/** Headers of a record in a dead-letter topic. */
export const DEAD_LETTER_HEADERS = {
  /** Where it came from: `http`, `forward`, or `topic-partition-offset`. */
  source: 'weir.source',
  /** A WeirError code. */
  code: 'weir.code',
  /** One sentence for people. */
  reason: 'weir.reason',
  /** ms since the epoch, as decimal text. */
  timeMs: 'weir.time-ms',
  /** The service it was sent for, where known. */
  service: 'weir.service',
} as const

/** Bounds on what the API does for its clients. */
export interface ApiLimits {
  /** A query that has not answered by then fails alone. ms */
  readonly queryTimeoutMs: number
  /** Store queries at a time; more wait. */
  readonly maxConcurrentQueries: number
  /** Store queries that wait for a turn; beyond it: WEIR_OVERLOADED. */
  readonly maxWaitingQueries: number
  /** Steps in the range of one metric query. */
  readonly maxSteps: number
  /** Steps × groups × aggregates of one metric query. */
  readonly maxCells: number
  /** Annotations in the range of one query. */
  readonly maxAnnotations: number
  /** Characters of answers kept for the same query again. */
  readonly maxCachedChars: number
  /** Least time between two computations of a live query. ms */
  readonly tickMs: number
  /** Open live connections. */
  readonly maxSubscribers: number
  /** Unsent bytes of a live connection above which answers are skipped for it. */
  readonly maxBufferedBytes: number
  /** A live connection above that bound for this long is closed. ms */
  readonly stalledMs: number
  /** Silence after which a comment is sent on live connections. ms */
  readonly keepAliveMs: number
  /** For a client to send its whole request. ms */
  readonly requestTimeoutMs: number
  /** Of a request's body. */
  readonly maxBodyBytes: number
}

export const DEFAULT_LIMITS: ApiLimits = {
  queryTimeoutMs: 10_000,
  maxConcurrentQueries: 8,
  maxWaitingQueries: 1_000,
  maxSteps: 11_000,
  maxCells: 1_000_000,
  maxAnnotations: 1_000,
  maxCachedChars: 32 * 1024 * 1024,
  tickMs: 1_000,
  maxSubscribers: 200,
  maxBufferedBytes: 1024 * 1024,
  stalledMs: 60_000,
  keepAliveMs: 15_000,
  requestTimeoutMs: 30_000,
  maxBodyBytes: 1024 * 1024,
}

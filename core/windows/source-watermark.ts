export interface WatermarkOptions {
  /** How far a record may lie behind the newest one of its partition without being late. ms, ≥ 0 */
  readonly outOfOrdernessMs: number
  /** A partition that is read to its end and silent for this long is idle. Wall clock, ms, > 0 */
  readonly idleTimeoutMs: number
}

export const DEFAULT_WATERMARK_OPTIONS: WatermarkOptions = { outOfOrdernessMs: 2_000, idleTimeoutMs: 30_000 }

/** What is known of the event time of one source partition. */
export interface SourceMark {
  /** No record older than this is expected; 0 while nothing is known. ms since the epoch */
  readonly watermarkMs: number
  /** An idle partition does not hold the others back. */
  readonly idle: boolean
}

/**
 * Watermark of one partition: its largest event time less the allowed out-of-orderness.
 *
 * A partition without news for `idleTimeoutMs`, whose reader has caught up, is idle: its watermark then follows the wall
 * clock less idle time-out less out-of-orderness, so that the last windows close and silence can be seen. A reader that
 * lags never makes its partition idle. A partition that was empty when its reader started is idle at once, but its
 * watermark stays unknown (0) until the time-out is over.
 */
export class SourceWatermark {
  readonly #options: WatermarkOptions
  #maxEventTimeMs = Number.NEGATIVE_INFINITY
  #lastNewsMs: number

  /** @param nowMs wall clock, ms since the epoch */
  constructor(options: WatermarkOptions, nowMs: number) {
    this.#options = options
    this.#lastNewsMs = nowMs
  }

  /** Newest event time seen; -Infinity before the first. ms since the epoch */
  get maxEventTimeMs(): number {
    return this.#maxEventTimeMs
  }

  observe(eventTimeMs: number, nowMs: number): void {
    if (eventTimeMs > this.#maxEventTimeMs) this.#maxEventTimeMs = eventTimeMs
    this.#lastNewsMs = nowMs
  }

  /**
   * @param caughtUp whether the reader has read the partition to its end
   * @returns undefined while nothing can be said: no record read yet, and more to read
   */
  mark(nowMs: number, caughtUp: boolean): SourceMark | undefined {
    const { outOfOrdernessMs, idleTimeoutMs } = this.#options
    const seen = this.#maxEventTimeMs > Number.NEGATIVE_INFINITY
    const ownMs = seen ? Math.max(0, this.#maxEventTimeMs - outOfOrdernessMs) : 0
    const timedOut = nowMs - this.#lastNewsMs >= idleTimeoutMs
    if (caughtUp && timedOut) {
      return { watermarkMs: Math.max(ownMs, nowMs - idleTimeoutMs - outOfOrdernessMs), idle: true }
    }
    if (seen) return { watermarkMs: ownMs, idle: false }
    return caughtUp ? { watermarkMs: 0, idle: true } : undefined
  }
}

import type { ByteLayout } from './byte-layout.ts'

const ASSUMED_INTERVAL_MS = 300_000
/** The least step by which the estimate follows a change of interval. */
const MIN_STEP = 0.01

/**
 * The time that a series has run for, and the usual interval between its points (a running median, so that gaps and
 * bursts do not move it). A point whose time does not advance counts as one usual interval.
 */
export class ElapsedTime {
  /** [points, time of the last point, intervals learnt, usual interval in ms, elapsed ms] */
  readonly #learnt: Float64Array

  constructor(layout: ByteLayout) {
    this.#learnt = layout.float64(5)
  }

  /** @param timeMs ms since the epoch; one that is not finite counts as one usual interval after the last */
  advance(timeMs: number): void {
    const learnt = this.#learnt
    const first = learnt[0]!++ === 0
    const last = learnt[1]!
    if (Number.isFinite(timeMs)) learnt[1] = timeMs
    if (first) return
    const sinceMs = timeMs - last
    if (sinceMs > 0) this.#learnInterval(sinceMs)
    learnt[4]! += sinceMs > 0 ? sinceMs : this.intervalMs
  }

  #learnInterval(sinceMs: number): void {
    const learnt = this.#learnt
    const count = learnt[2]!++
    if (count === 0) learnt[3] = sinceMs
    else if (sinceMs !== learnt[3]) {
      const step = 1 + Math.max(MIN_STEP, 1 / (count + 1))
      const usual = learnt[3]!
      learnt[3] = sinceMs > usual ? Math.min(sinceMs, usual * step) : Math.max(sinceMs, usual / step)
    }
  }

  get points(): number {
    return this.#learnt[0]!
  }

  /** Time of the last point that had one, ms since the epoch. */
  get lastMs(): number {
    return this.#learnt[1]!
  }

  get intervalMs(): number {
    return this.#learnt[2] === 0 ? ASSUMED_INTERVAL_MS : this.#learnt[3]!
  }

  get elapsedMs(): number {
    return this.#learnt[4]!
  }
}

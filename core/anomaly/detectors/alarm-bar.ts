import type { ByteLayout } from './byte-layout.ts'

/** Surprise, in nats, that a series without past alarms must pass. */
const BAR = 2.4
/** Each past alarm raises the bar by this share. */
const RISE = 0.15
const FORGET_HALF_LIFE_MS = 60 * 86_400_000
/** Rest after an alarm, in points, on a series of one point in 5 minutes. */
const REST_POINTS = 85
const REST_INTERVAL_MS = 300_000
/** The longer the interval, the fewer points and the more time the rest takes: between counting points and counting time. */
const REST_EXPONENT = 0.25

/**
 * Decides which surprises are worth an alarm. A series that has given many is believed less: the bar rises with each and
 * falls back over weeks. After an alarm the bar rests, so that one incident is told once.
 */
export class AlarmBar {
  /** [alarms not yet forgotten, elapsed ms at the last decision, elapsed ms until which it rests] */
  readonly #state: Float64Array

  constructor(layout: ByteLayout) {
    this.#state = layout.float64(3)
  }

  /**
   * The score in [0, 1): above 0.5 an alarm, which starts a rest; 0 during a rest.
   *
   * @param surprise  in nats
   * @param elapsedMs time that the series has run for, never decreasing
   */
  decide(surprise: number, elapsedMs: number, intervalMs: number): number {
    const state = this.#state
    const sinceMs = elapsedMs - state[1]!
    if (state[0]! > 0) state[0]! *= 0.5 ** (sinceMs / FORGET_HALF_LIFE_MS)
    state[1] = elapsedMs
    if (elapsedMs < state[2]!) return 0
    const ratio = Math.max(0, surprise) / (BAR * (1 + RISE * state[0]!))
    if (ratio <= 1) return ratio / 2
    state[0]!++
    state[2] = elapsedMs + intervalMs * REST_POINTS * (REST_INTERVAL_MS / intervalMs) ** REST_EXPONENT
    return 1 - 0.5 / ratio
  }

  isResting(elapsedMs: number): boolean {
    return elapsedMs < this.#state[2]!
  }
}

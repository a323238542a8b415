import type { ByteLayout } from './byte-layout.ts'

/** Share of values that may fall outside of the band. */
const OUTSIDE = 0.02
/** How fast the band follows, as a share of its width a point. */
const PACE = 0.05
const LEVEL_WEIGHT = 0.3
const ERROR_WEIGHT = 0.02
const MIN_ERROR = 1e-6

/**
 * The range in which the next value is expected: between the level of the last few values and what is usual at that time
 * of day, nearer to whichever has been the better forecast, and as wide as has held 98 of 100 values lately
 * (adaptive conformal inference: Gibbs and Candès 2021).
 */
export class ExpectedBand {
  /** [values, recent level, mean error of the level, mean error of the time of day, half width] */
  readonly #learnt: Float64Array

  constructor(layout: ByteLayout) {
    this.#learnt = layout.float64(5)
  }

  /**
   * The band for a value before it is seen, undefined before any; then learns the value. All in scaled units.
   *
   * @param usual what is usual at this time of day, undefined where that is not known
   */
  foretellAndLearn(value: number, usual: number | undefined): { low: number; high: number } | undefined {
    const learnt = this.#learnt
    const count = learnt[0]!++
    const level = learnt[1]!
    const halfWidth = learnt[4]!
    learnt[1] = count === 0 ? value : level + (value - level) * LEVEL_WEIGHT
    if (count === 0) return undefined
    const levelTrust = 1 / (learnt[2]! ** 2 + MIN_ERROR)
    const usualTrust = usual === undefined ? 0 : 1 / (learnt[3]! ** 2 + MIN_ERROR)
    const centre = (levelTrust * level + usualTrust * (usual ?? 0)) / (levelTrust + usualTrust)
    const weight = Math.max(ERROR_WEIGHT, 1 / count)
    learnt[2]! += (Math.abs(value - level) - learnt[2]!) * weight
    learnt[3]! += (Math.abs(value - (usual ?? level)) - learnt[3]!) * weight
    this.#widen(Math.abs(value - centre), count)
    return { low: centre - halfWidth, high: centre + halfWidth }
  }

  #widen(error: number, count: number): void {
    const learnt = this.#learnt
    const halfWidth = learnt[4]!
    if (count < 1 / OUTSIDE) learnt[4] = Math.max(halfWidth, error)
    else learnt[4] = Math.max(MIN_ERROR, halfWidth * (1 + PACE * (error > halfWidth ? 1 - OUTSIDE : -OUTSIDE)))
  }
}

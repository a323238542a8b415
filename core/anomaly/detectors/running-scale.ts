import type { ByteLayout } from './byte-layout.ts'

/** Unscaled distance given to a change on a series that never changed before. */
const FIRST_CHANGE = 3
/** Values beyond are taken as this: differences and products of two such values are still finite. */
const MAX_MAGNITUDE = 1e150
/** Larger scaled values are taken as this. */
const MAX_SCALED = 1e6

/**
 * Mean and mean absolute deviation of all values so far: puts every series, whatever its unit, on one scale. All values
 * weigh alike, so that a lasting new level stays visible for as long as the old one lasted.
 */
export class RunningScale {
  /** [values, mean, mean absolute deviation] */
  readonly #learnt: Float64Array

  constructor(layout: ByteLayout) {
    this.#learnt = layout.float64(3)
  }

  /** The value's distance to the mean so far, in mean absolute deviations. Always finite; 0 for the first value. */
  scale(value: number): number {
    const learnt = this.#learnt
    if (learnt[0] === 0) return 0
    const distance = bounded(value) - learnt[1]!
    const scaled = learnt[2]! > 0 ? distance / learnt[2]! : Math.sign(distance) * FIRST_CHANGE
    return Math.max(-MAX_SCALED, Math.min(MAX_SCALED, scaled))
  }

  learn(value: number): void {
    const learnt = this.#learnt
    const weight = 1 / ++learnt[0]!
    learnt[1]! += (bounded(value) - learnt[1]!) * weight
    learnt[2]! += (Math.abs(bounded(value) - learnt[1]!) - learnt[2]!) * weight
  }

  /** The value that lies so many mean absolute deviations from the mean. */
  unscale(scaled: number): number {
    return this.#learnt[1]! + scaled * this.#learnt[2]!
  }
}

function bounded(value: number): number {
  return Math.max(-MAX_MAGNITUDE, Math.min(MAX_MAGNITUDE, value))
}

/** Nearly `scaled` around 0 and logarithmic beyond 1 / strength: a spike counts, without hiding all else. */
export function compress(scaled: number, strength: number): number {
  return Math.asinh(scaled * strength) / strength
}

export function decompress(compressed: number, strength: number): number {
  return Math.sinh(compressed * strength) / strength
}

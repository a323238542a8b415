import type { ByteLayout } from './byte-layout.ts'

const BINS = 72
/** Bins in a factor of e. */
const BINS_PER_E = 6
/** Natural logarithm of the first bin's lower edge: smaller values are no oddity at all, and do not surprise. */
const LOG_FLOOR = -4
const MAX_COUNT = 65_535

/**
 * How rare a value is among all those before it, from a histogram in logarithmic bins: no shape of the distribution is
 * assumed, so the answer means the same whatever is ranked. Older counts halve when a bin is full.
 */
export class RankTail {
  readonly #counts: Uint16Array
  /** [sum of the counts, highest bin in use] */
  readonly #totals: Float64Array

  constructor(layout: ByteLayout) {
    this.#counts = layout.uint16(BINS)
    this.#totals = layout.float64(2)
  }

  /**
   * The surprise -ln(p) of the value, with p the share of earlier values at or above it, (k + ½) / (n + 1). Beyond the
   * largest earlier value p falls inversely with it (Pareto's tail of index 1).
   *
   * @param value ≥ 0
   */
  surprise(value: number): number {
    const position = positionOf(value)
    const bin = Math.min(BINS - 1, Math.floor(position))
    const total = this.#totals[0]!
    const top = this.#totals[1]!
    let above = 0
    for (let i = top; i > bin; i--) above += this.#counts[i]!
    above += this.#counts[bin]! * Math.max(0, 1 - (position - bin))
    const beyond = bin > top ? (position - top) / BINS_PER_E : 0
    return beyond - Math.log((above + 0.5) / (total + 1))
  }

  learn(value: number): void {
    const bin = Math.min(BINS - 1, Math.floor(positionOf(value)))
    if (this.#counts[bin] === MAX_COUNT) this.#halve()
    this.#counts[bin]!++
    this.#totals[0]!++
    if (bin > this.#totals[1]!) this.#totals[1] = bin
  }

  #halve(): void {
    let total = 0
    for (let i = 0; i < BINS; i++) {
      this.#counts[i] = this.#counts[i]! >>> 1
      total += this.#counts[i]!
    }
    this.#totals[0] = total
  }
}

function positionOf(value: number): number {
  return value > 0 ? Math.max(0, (Math.log(value) - LOG_FLOOR) * BINS_PER_E) : 0
}

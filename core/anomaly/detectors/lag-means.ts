import type { ByteLayout } from './byte-layout.ts'

/** Means of the last 1, 3, 9 … values, each kept up to date by one addition and one subtraction. */
export class LagMeans {
  readonly #spans: readonly number[]
  readonly #ring: Float32Array
  readonly #sums: Float64Array
  /** [values pushed] */
  readonly #count: Float64Array

  /** @param spans numbers of values, ascending */
  constructor(layout: ByteLayout, spans: readonly number[]) {
    this.#spans = spans
    this.#ring = layout.float32(spans.at(-1)!)
    this.#sums = layout.float64(spans.length)
    this.#count = layout.float64(1)
  }

  push(value: number): void {
    const ring = this.#ring
    const sums = this.#sums
    const count = this.#count[0]!
    const size = ring.length
    const slot = count % size
    // What enters a sum must be what later leaves it.
    const kept = Math.fround(value)
    for (let i = 0; i < sums.length; i++) {
      const span = this.#spans[i]!
      const leaving = count >= span ? ring[(slot - span + size) % size]! : 0
      sums[i]! += kept - leaving
    }
    ring[slot] = kept
    this.#count[0] = count + 1
  }

  /** Values pushed so far. */
  get count(): number {
    return this.#count[0]!
  }

  /** Mean of the last `spans[index]` values, or of as many as there are; 0 without any. */
  mean(index: number): number {
    const count = Math.min(this.#spans[index]!, this.#count[0]!)
    return count === 0 ? 0 : this.#sums[index]! / count
  }
}

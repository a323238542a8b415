import type { ByteLayout } from './byte-layout.ts'

const DAY_MS = 86_400_000
const BUCKETS = 48
/** Values that a bucket's mean remembers, about: so a new daily shape is learnt. */
const MEMORY = 100
const NEIGHBOUR_WEIGHT = 0.3

/** The usual value at each half hour of the day (UTC), each half hour lending a little to its neighbours. */
export class DayProfile {
  readonly #means: Float32Array
  readonly #weights: Float32Array

  constructor(layout: ByteLayout) {
    this.#means = layout.float32(BUCKETS)
    this.#weights = layout.float32(BUCKETS)
  }

  /** The usual value at that time of day; undefined before any value near it. */
  expected(timeMs: number): number | undefined {
    const bucket = bucketOf(timeMs)
    return this.#weights[bucket]! > 0 ? this.#means[bucket]! : undefined
  }

  learn(timeMs: number, value: number): void {
    const bucket = bucketOf(timeMs)
    this.#pull(bucket, value, 1)
    this.#pull((bucket + 1) % BUCKETS, value, NEIGHBOUR_WEIGHT)
    this.#pull((bucket + BUCKETS - 1) % BUCKETS, value, NEIGHBOUR_WEIGHT)
  }

  #pull(bucket: number, value: number, weight: number): void {
    const total = Math.min(MEMORY, this.#weights[bucket]! + weight)
    this.#weights[bucket] = total
    this.#means[bucket]! += (value - this.#means[bucket]!) * Math.min(1, weight / total)
  }
}

/** Share of the day (UTC) gone by, in [0, 1). */
function shareOfDay(timeMs: number): number {
  const share = (timeMs % DAY_MS) / DAY_MS
  return share < 0 ? share + 1 : share
}

function bucketOf(timeMs: number): number {
  return Math.min(BUCKETS - 1, Math.floor(shareOfDay(timeMs) * BUCKETS))
}

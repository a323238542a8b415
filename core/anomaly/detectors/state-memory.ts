import type { ByteLayout } from './byte-layout.ts'

/** Fixed-point units in 1: coordinates are kept to 0.005, within ±163. */
const UNITS = 200
const MAX_UNITS = 32_767

/**
 * A uniform sample of all states seen (reservoir sampling, Vitter 1985, algorithm R), and the distance of a new state to
 * the nearest of them. The draws come from a hash of the number of states seen: the same series gives the same memory.
 */
export class StateMemory {
  readonly #dimensions: number
  readonly #states: Int16Array
  /** The state being judged, in fixed point. */
  readonly #current: Int32Array
  /** [states seen] */
  readonly #seen: Float64Array
  readonly #salt: number

  constructor(
    layout: ByteLayout,
    { dimensions, capacity, salt }: { dimensions: number; capacity: number; salt: number },
  ) {
    this.#dimensions = dimensions
    this.#states = layout.int16(dimensions * capacity)
    this.#current = new Int32Array(dimensions)
    this.#seen = layout.float64(1)
    this.#salt = salt
  }

  /** Sets a coordinate of the state that the next call judges. */
  set(dimension: number, value: number): void {
    this.#current[dimension] = Math.max(-MAX_UNITS, Math.min(MAX_UNITS, Math.round(value * UNITS)))
  }

  /** Sum of absolute differences to the nearest remembered state, 0 without any; then remembers the state, perhaps. */
  judgeAndRemember(): number {
    const dimensions = this.#dimensions
    const states = this.#states
    const current = this.#current
    const seen = this.#seen[0]!
    const capacity = states.length / dimensions
    const end = Math.min(seen, capacity) * dimensions
    let nearest = 1 << 30
    for (let at = 0; at < end; at += dimensions) {
      let distance = 0
      for (let i = 0; i < dimensions && distance < nearest; i++) distance += Math.abs(states[at + i]! - current[i]!)
      if (distance < nearest) nearest = distance
    }
    this.#seen[0] = seen + 1
    const slot = seen < capacity ? seen : Math.floor(uniform(seen, this.#salt) * (seen + 1))
    if (slot < capacity) states.set(current, slot * dimensions)
    return end === 0 ? 0 : nearest / UNITS
  }
}

/** In [0, 1), from the finaliser of MurmurHash3 (Appleby, public domain). */
function uniform(counter: number, salt: number): number {
  let hash = Math.imul(counter + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}

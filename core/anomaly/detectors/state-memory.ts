import type { ByteLayout } from './byte-layout.ts'

/** Codes in a step of e of large coordinates: steps are 0.04 near 0 and 4 % further out, up to ±99. */
const CODES_PER_E = 24
const MAX_CODE = 127
/** Fixed-point units in 1, in which distances are summed. */
const UNITS = 200
/** The coordinate of each code from -128, in units. */
const DECODED = Int16Array.from({ length: 256 }, (_, i) => Math.round(UNITS * Math.sinh((i - 128) / CODES_PER_E)))
/** A state's key is the sum of its coordinates over this, rounded down, so that it fits 16 bits. */
const KEY_DIVISOR = 8

/**
 * A uniform sample of all states seen (reservoir sampling, Vitter 1985, algorithm R), and the distance of a new state to
 * the nearest of them. The draws come from a hash of the number of states seen: the same series gives the same memory.
 *
 * A coordinate takes a byte. States lie in the order of their keys. As the sums of two states never differ by more than
 * their distance, the search goes outwards from the new state's key and ends where the keys alone are too far: usually after
 * a tenth of the states.
 */
export class StateMemory {
  readonly #dimensions: number
  readonly #keys: Int16Array
  readonly #codes: Int8Array
  /** The state being judged: its codes, and what they stand for in units. */
  readonly #currentCodes: Int8Array
  readonly #current: Int32Array
  /** [states seen] */
  readonly #seen: Float64Array
  readonly #salt: number

  /**
   * @param dimensions at most 8
   * @param salt       memories with different salts keep different states
   */
  constructor(
    layout: ByteLayout,
    { dimensions, capacity, salt }: { dimensions: number; capacity: number; salt: number },
  ) {
    this.#dimensions = dimensions
    this.#keys = layout.int16(capacity)
    this.#codes = layout.int8(dimensions * capacity)
    this.#currentCodes = new Int8Array(dimensions)
    this.#current = new Int32Array(dimensions)
    this.#seen = layout.float64(1)
    this.#salt = salt
  }

  /** Sets a coordinate of the state that the next call judges. */
  set(dimension: number, value: number): void {
    const code = Math.max(-MAX_CODE, Math.min(MAX_CODE, Math.round(Math.asinh(value) * CODES_PER_E)))
    this.#currentCodes[dimension] = code
    this.#current[dimension] = DECODED[code + 128]!
  }

  /** Sum of absolute differences to the nearest remembered state, 0 without any; then remembers the state, perhaps. */
  judgeAndRemember(): number {
    const capacity = this.#keys.length
    const seen = this.#seen[0]!
    const kept = Math.min(seen, capacity)
    const key = keyOf(this.#current)
    const place = this.#firstAtOrAbove(key, kept)
    const nearest = kept === 0 ? 0 : this.#nearest(key, place, kept)
    this.#seen[0] = seen + 1
    const leaving = seen < capacity ? kept : Math.floor(uniform(seen, this.#salt) * (seen + 1))
    if (leaving < capacity) this.#replace(leaving, place, key)
    return nearest / UNITS
  }

  #firstAtOrAbove(key: number, kept: number): number {
    let low = 0
    let high = kept
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #nearest(key: number, place: number, kept: number): number {
    const keys = this.#keys
    let nearest = 1 << 30
    let below = place - 1
    let above = place
    while (below >= 0 || above < kept) {
      if (below >= 0) {
        if ((key - keys[below]! - 1) * KEY_DIVISOR >= nearest) below = -1
        else nearest = this.#nearer(below--, nearest)
      }
      if (above < kept) {
        if ((keys[above]! - key - 1) * KEY_DIVISOR >= nearest) above = kept
        else nearest = this.#nearer(above++, nearest)
      }
    }
    return nearest
  }

  /** The distance to a state, or `nearest` if that is less. */
  #nearer(index: number, nearest: number): number {
    const codes = this.#codes
    const current = this.#current
    const start = index * current.length
    let distance = 0
    for (let i = 0; i < current.length; i++) {
      distance += Math.abs(DECODED[codes[start + i]! + 128]! - current[i]!)
      if (distance >= nearest) return nearest
    }
    return distance
  }

  /** Drops a state, or the free place past the last, and puts the present one in its place in the order. */
  #replace(leaving: number, place: number, key: number): void {
    const dimensions = this.#dimensions
    const target = leaving < place ? place - 1 : place
    const [to, from, end] = leaving < place ? [leaving, leaving + 1, place] : [place + 1, place, leaving]
    this.#keys.copyWithin(to, from, end)
    this.#codes.copyWithin(to * dimensions, from * dimensions, end * dimensions)
    this.#keys[target] = key
    this.#codes.set(this.#currentCodes, target * dimensions)
  }
}

function keyOf(state: Int32Array): number {
  let sum = 0
  for (let i = 0; i < state.length; i++) sum += state[i]!
  return Math.floor(sum / KEY_DIVISOR)
}

/** In [0, 1), from the finaliser of MurmurHash3 (Appleby, public domain). */
function uniform(counter: number, salt: number): number {
  let hash = Math.imul(counter + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}

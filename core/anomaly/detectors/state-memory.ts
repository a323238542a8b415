import type { ByteLayout } from './byte-layout.ts'

/** Fixed-point units in 1: coordinates are kept to 0.005, within ±163. */
const UNITS = 200
const MAX_UNITS = 32_767

/** A row's key is the sum of its coordinates over this, rounded down, so that it fits 16 bits. */
const KEY_DIVISOR = 8

/**
 * A uniform sample of all states seen (reservoir sampling, Vitter 1985, algorithm R), and the distance of a new state to
 * the nearest of them. The draws come from a hash of the number of states seen: the same series gives the same memory.
 *
 * Rows are [key, coordinate, …] in the order of their keys. As the sums of two states never differ by more than their
 * distance, the search goes outwards from the new state's key and ends where the keys alone are too far: a tenth of the rows
 * is looked at, usually.
 */
export class StateMemory {
  readonly #dimensions: number
  readonly #rows: Int16Array
  /** The state being judged, with its key first. */
  readonly #current: Int16Array
  /** [states seen] */
  readonly #seen: Float64Array
  readonly #salt: number

  constructor(
    layout: ByteLayout,
    { dimensions, capacity, salt }: { dimensions: number; capacity: number; salt: number },
  ) {
    this.#dimensions = dimensions
    this.#rows = layout.int16((dimensions + 1) * capacity)
    this.#current = new Int16Array(dimensions + 1)
    this.#seen = layout.float64(1)
    this.#salt = salt
  }

  /** Sets a coordinate of the state that the next call judges. */
  set(dimension: number, value: number): void {
    this.#current[dimension + 1] = Math.max(-MAX_UNITS, Math.min(MAX_UNITS, Math.round(value * UNITS)))
  }

  /** Sum of absolute differences to the nearest remembered state, 0 without any; then remembers the state, perhaps. */
  judgeAndRemember(): number {
    const stride = this.#dimensions + 1
    const capacity = this.#rows.length / stride
    const seen = this.#seen[0]!
    const kept = Math.min(seen, capacity)
    this.#current[0] = keyOf(this.#current)
    const place = this.#firstAtOrAbove(this.#current[0]!, kept)
    const nearest = kept === 0 ? 0 : this.#nearest(place, kept)
    this.#seen[0] = seen + 1
    const leaving = seen < capacity ? kept : Math.floor(uniform(seen, this.#salt) * (seen + 1))
    if (leaving < capacity) this.#replace(leaving, place)
    return nearest / UNITS
  }

  #firstAtOrAbove(key: number, kept: number): number {
    const stride = this.#dimensions + 1
    let low = 0
    let high = kept
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#rows[middle * stride]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #nearest(place: number, kept: number): number {
    const stride = this.#dimensions + 1
    const rows = this.#rows
    const key = this.#current[0]!
    let nearest = 1 << 30
    let below = (place - 1) * stride
    let above = place * stride
    const end = kept * stride
    while (below >= 0 || above < end) {
      if (below >= 0) {
        if ((key - rows[below]! - 1) * KEY_DIVISOR >= nearest) below = -1
        else {
          nearest = this.#nearer(below, nearest)
          below -= stride
        }
      }
      if (above < end) {
        if ((rows[above]! - key - 1) * KEY_DIVISOR >= nearest) above = end
        else {
          nearest = this.#nearer(above, nearest)
          above += stride
        }
      }
    }
    return nearest
  }

  /** The distance to the row, or `nearest` if that is less. */
  #nearer(row: number, nearest: number): number {
    const rows = this.#rows
    const current = this.#current
    let distance = 0
    for (let i = 1; i < current.length; i++) {
      distance += Math.abs(rows[row + i]! - current[i]!)
      if (distance >= nearest) return nearest
    }
    return distance
  }

  /** Drops a row, or the free one past the end, and puts the present state in its place in the order. */
  #replace(leaving: number, place: number): void {
    const stride = this.#dimensions + 1
    const rows = this.#rows
    if (leaving < place) {
      rows.copyWithin(leaving * stride, (leaving + 1) * stride, place * stride)
      rows.set(this.#current, (place - 1) * stride)
    } else {
      rows.copyWithin((place + 1) * stride, place * stride, leaving * stride)
      rows.set(this.#current, place * stride)
    }
  }
}

function keyOf(row: Int16Array): number {
  let sum = 0
  for (let i = 1; i < row.length; i++) sum += row[i]!
  return Math.max(-MAX_UNITS, Math.min(MAX_UNITS, Math.floor(sum / KEY_DIVISOR)))
}

/** In [0, 1), from the finaliser of MurmurHash3 (Appleby, public domain). */
function uniform(counter: number, salt: number): number {
  let hash = Math.imul(counter + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296
}

import { Varints } from './varints.ts'

/** Relative error of every quantile: the true value v is answered by x with |x - v| ≤ 0.01·|v|. */
export const RELATIVE_ACCURACY = 0.01
/** Bins per sign; past it the bins nearest zero collapse into one, which spoils only the lowest quantiles. */
export const MAX_BINS = 2048
/** Magnitudes below this count as zero. */
export const MIN_MAGNITUDE = 1e-9

const GAMMA = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY)
const LOG_GAMMA = Math.log(GAMMA)
const GROWTH_BINS = 16
const FORMAT = 1

/**
 * Quantile sketch with a bounded relative error that merges without further loss: DDSketch (Masson, Rim and Lee, VLDB
 * 2019), with the logarithmic mapping, a contiguous bin store per sign and collapsing of the bins nearest zero.
 */
export class DDSketch {
  #positive = new BinStore()
  #negative = new BinStore()
  #zeroCount = 0

  get count(): number {
    return this.#zeroCount + this.#positive.count + this.#negative.count
  }

  /**
   * @param value finite
   * @param weight how often it occurred, > 0
   */
  add(value: number, weight = 1): void {
    if (value > MIN_MAGNITUDE) this.#positive.add(binOf(value), weight)
    else if (value < -MIN_MAGNITUDE) this.#negative.add(binOf(-value), weight)
    else this.#zeroCount += weight
  }

  merge(other: DDSketch): void {
    this.#positive.merge(other.#positive)
    this.#negative.merge(other.#negative)
    this.#zeroCount += other.#zeroCount
  }

  /**
   * Value at rank `q · (count - 1)`.
   *
   * @param q 0..1
   * @returns NaN for an empty sketch
   */
  quantile(q: number): number {
    const count = this.count
    if (count === 0) return Number.NaN
    const rank = q * (count - 1)
    const negativeCount = this.#negative.count
    if (rank < negativeCount) return -magnitudeOf(this.#negative.binAtRank(negativeCount - 1 - rank))
    if (rank < negativeCount + this.#zeroCount) return 0
    return magnitudeOf(this.#positive.binAtRank(rank - negativeCount - this.#zeroCount))
  }

  /** Sparse bytes: format, zero count, then for each sign the bins in rising order as gaps and counts. */
  encode(): Uint8Array {
    const out = new Varints()
    out.write(FORMAT)
    out.write(this.#zeroCount)
    this.#positive.encode(out)
    this.#negative.encode(out)
    return out.bytes()
  }

  /** @throws {RangeError} if the bytes were not made by {@link encode} */
  static decode(bytes: Uint8Array): DDSketch {
    const input = new Varints(bytes)
    const format = input.read()
    if (format !== FORMAT) throw new RangeError(`sketch format ${format} is not known`)
    const sketch = new DDSketch()
    sketch.#zeroCount = input.read()
    sketch.#positive.decode(input)
    sketch.#negative.decode(input)
    return sketch
  }
}

function binOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) / LOG_GAMMA)
}

/** Middle (in the relative sense) of the bin `(γ^(bin-1), γ^bin]`. */
function magnitudeOf(bin: number): number {
  return (2 * GAMMA ** bin) / (GAMMA + 1)
}

class BinStore {
  count = 0
  #counts = new Float64Array(0)
  /** Bin of `#counts[0]`. */
  #first = 0

  add(bin: number, weight: number): void {
    const at = bin - this.#first
    const index = at >= 0 && at < this.#counts.length ? at : this.#reach(bin)
    this.#counts[index]! += weight
    this.count += weight
  }

  merge(other: BinStore): void {
    if (other.count === 0) return
    let low = 0
    let high = other.#counts.length - 1
    while (other.#counts[low] === 0) low++
    while (other.#counts[high] === 0) high--
    this.#reach(other.#first + high)
    this.#reach(other.#first + low)
    for (let i = low; i <= high; i++) {
      const weight = other.#counts[i]!
      if (weight > 0) this.#counts[Math.max(0, other.#first + i - this.#first)]! += weight
    }
    this.count += other.count
  }

  /** @param rank 0 ≤ rank < count, from the lowest bin */
  binAtRank(rank: number): number {
    let seen = 0
    let last = 0
    for (let i = 0; i < this.#counts.length; i++) {
      const weight = this.#counts[i]!
      if (weight === 0) continue
      seen += weight
      last = i
      if (seen > rank) break
    }
    return this.#first + last
  }

  encode(out: Varints): void {
    let used = 0
    for (const weight of this.#counts) if (weight > 0) used++
    out.write(used)
    let previous = 0
    for (let i = 0; i < this.#counts.length; i++) {
      const weight = this.#counts[i]!
      if (weight === 0) continue
      out.writeSigned(this.#first + i - previous)
      out.write(weight)
      previous = this.#first + i
    }
  }

  decode(input: Varints): void {
    const used = input.read()
    if (used > MAX_BINS) throw new RangeError(`a sketch with ${used} bins is over the bound of ${MAX_BINS}`)
    let bin = 0
    for (let i = 0; i < used; i++) {
      bin += input.readSigned()
      this.add(bin, input.read())
    }
  }

  /** Makes room for the bin and returns its index in `#counts`; 0 where it collapses into the lowest bin. */
  #reach(bin: number): number {
    const length = this.#counts.length
    if (length === 0) {
      this.#first = bin
      this.#counts = new Float64Array(GROWTH_BINS)
      return 0
    }
    if (bin >= this.#first && bin < this.#first + length) return bin - this.#first
    let first = Math.min(this.#first, bin)
    let last = Math.max(this.#first + length - 1, bin)
    if (bin < this.#first) first -= GROWTH_BINS / 2
    else last += GROWTH_BINS / 2
    if (last - first + 1 > MAX_BINS) {
      last = Math.max(bin, this.#highestUsed())
      first = Math.max(first, last - MAX_BINS + 1)
    }
    const grown = new Float64Array(last - first + 1)
    for (let i = 0; i < length; i++) {
      const weight = this.#counts[i]!
      if (weight > 0) grown[Math.max(0, this.#first + i - first)]! += weight
    }
    this.#first = first
    this.#counts = grown
    return Math.max(0, bin - first)
  }

  #highestUsed(): number {
    let i = this.#counts.length - 1
    while (i > 0 && this.#counts[i] === 0) i--
    return this.#first + i
  }
}

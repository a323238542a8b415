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
const LOWEST_BIN = binOf(MIN_MAGNITUDE)
const HIGHEST_BIN = binOf(Number.MAX_VALUE)

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

  /** Empties the sketch and keeps its room, for the next one of about the same values. */
  clear(): void {
    this.#positive.clear()
    this.#negative.clear()
    this.#zeroCount = 0
  }

  /**
   * Value at rank `⌊q · (count - 1)⌋` of the values in rising order.
   *
   * @param q 0..1
   * @returns NaN for an empty sketch
   */
  quantile(q: number): number {
    const count = this.count
    if (count === 0) return Number.NaN
    const rank = Math.floor(q * (count - 1))
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
    const sketch = new DDSketch()
    sketch.mergeEncoded(bytes)
    return sketch
  }

  /**
   * Merges a sketch from its bytes, without making it: what a query over many windows does most.
   *
   * @throws {RangeError} if the bytes were not made by {@link encode}; this sketch is then spoilt
   */
  mergeEncoded(bytes: Uint8Array): void {
    const input = new Varints(bytes)
    const format = input.read()
    if (format !== FORMAT) throw new RangeError(`sketch format ${format} is not known`)
    this.#zeroCount += input.read()
    this.#positive.mergeEncoded(input)
    this.#negative.mergeEncoded(input)
    if (!input.atEnd) throw new RangeError('bytes follow the end of the sketch')
  }
}

function binOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) / LOG_GAMMA)
}

const magnitudes = new Map<number, number>()

/**
 * Middle (in the relative sense) of the bin `(γ^(bin-1), γ^bin]`, to twelve digits: more would say nothing at this accuracy,
 * and make answers long. There are fewer than 37,000 bins of finite numbers.
 */
function magnitudeOf(bin: number): number {
  let magnitude = magnitudes.get(bin)
  if (magnitude === undefined) {
    magnitude = Number(((2 * GAMMA ** bin) / (GAMMA + 1)).toPrecision(12))
    magnitudes.set(bin, magnitude)
  }
  return magnitude
}

// Bins of one sign while they are decoded: their range must be known before room is made for them.
const decodedBins = new Int32Array(MAX_BINS)
const decodedWeights = new Float64Array(MAX_BINS)

class BinStore {
  count = 0
  #counts = new Float64Array(0)
  /** Bin of `#counts[0]`. */
  #first = 0

  add(bin: number, weight: number): void {
    const at = bin - this.#first
    if (!(at >= 0 && at < this.#counts.length)) this.#reserve(bin, bin)
    this.#counts[Math.max(0, bin - this.#first)]! += weight
    this.count += weight
  }

  merge(other: BinStore): void {
    if (other.count === 0) return
    let low = 0
    let high = other.#counts.length - 1
    while (other.#counts[low] === 0) low++
    while (other.#counts[high] === 0) high--
    this.#reserve(other.#first + low, other.#first + high)
    const shift = other.#first - this.#first
    for (let i = low; i <= high; i++) {
      const weight = other.#counts[i]!
      if (weight > 0) this.#counts[Math.max(0, i + shift)]! += weight
    }
    this.count += other.count
  }

  clear(): void {
    this.count = 0
    this.#counts.fill(0)
  }

  /** @param rank a whole number, 0 ≤ rank < count, from the lowest bin */
  binAtRank(rank: number): number {
    // From the top, where the quantiles lie that are asked for most.
    let above = this.count - 1 - rank
    let i = this.#counts.length - 1
    while (i > 0) {
      above -= this.#counts[i]!
      if (above < 0) break
      i--
    }
    return this.#first + i
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

  mergeEncoded(input: Varints): void {
    const used = input.read()
    if (used > MAX_BINS) throw new RangeError(`a sketch with ${used} bins is over the bound of ${MAX_BINS}`)
    if (used === 0) return
    let bin = 0
    for (let i = 0; i < used; i++) {
      const gap = input.readSigned()
      const weight = input.read()
      bin += gap
      if ((i > 0 && gap <= 0) || weight === 0 || bin < LOWEST_BIN || bin > HIGHEST_BIN) {
        throw new RangeError(`the sketch has no valid bin ${bin} of weight ${weight}`)
      }
      decodedBins[i] = bin
      decodedWeights[i] = weight
      this.count += weight
    }
    this.#reserve(decodedBins[0]!, bin)
    for (let i = 0; i < used; i++) this.#counts[Math.max(0, decodedBins[i]! - this.#first)]! += decodedWeights[i]!
  }

  /** Makes room for the bins `low..high`; those that lie more than the bound below the highest fall to index 0. */
  #reserve(low: number, high: number): void {
    const length = this.#counts.length
    if (length === 0) {
      this.#first = Math.max(low, high - MAX_BINS + 1)
      this.#counts = new Float64Array(Math.max(GROWTH_BINS, high - this.#first + 1))
      return
    }
    if (low >= this.#first && high < this.#first + length) return
    let first = Math.min(this.#first, low)
    let last = Math.max(this.#first + length - 1, high)
    if (low < this.#first) first -= GROWTH_BINS / 2
    if (high >= this.#first + length) last += GROWTH_BINS / 2
    if (last - first + 1 > MAX_BINS) {
      last = Math.max(high, this.#highestUsed())
      first = Math.max(first, last - MAX_BINS + 1)
    }
    const grown = new Float64Array(last - first + 1)
    const end = Math.min(length, last - this.#first + 1)
    for (let i = 0; i < end; i++) {
      const weight = this.#counts[i]!
      if (weight > 0) grown[Math.max(0, this.#first + i - first)]! += weight
    }
    this.#first = first
    this.#counts = grown
  }

  #highestUsed(): number {
    let i = this.#counts.length - 1
    while (i > 0 && this.#counts[i] === 0) i--
    return this.#first + i
  }
}

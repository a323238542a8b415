import { DDSketch as ReferenceSketch } from '@datadog/sketches-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DDSketch, MAX_BINS, RELATIVE_ACCURACY } from './dd-sketch.ts'
import { Varints } from './varints.ts'

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]
// Room for the rounding of logarithms at the edges of bins.
const ACCURACY = RELATIVE_ACCURACY * (1 + 1e-9)

/** Linear congruential generator (Numerical Recipes): the same values in every run. In [0, 1). */
function randoms(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function sketchOf(values: readonly number[]): DDSketch {
  const sketch = new DDSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

function exactQuantile(sorted: readonly number[], q: number): number {
  return sorted[Math.floor(q * (sorted.length - 1))]!
}

function expectAccurate(sketch: DDSketch, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b)
  expect(sketch.count).toBe(values.length)
  for (const q of QUANTILES) {
    const exact = exactQuantile(sorted, q)
    expect(Math.abs(sketch.quantile(q) - exact), `quantile ${q}, exactly ${exact}`).toBeLessThanOrEqual(
      ACCURACY * Math.abs(exact) + 1e-9,
    )
  }
}

const random = randoms(7)
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const many = (make: () => number, length = 5_000) => Array.from({ length }, make)

const DATA: readonly { readonly title: string; readonly values: readonly number[] }[] = [
  { title: 'uniform values', values: many(() => random() * 1_000) },
  { title: 'log-normal values', values: many(() => Math.exp(3 + normal())) },
  { title: 'a heavy tail (Pareto, α = 0.7)', values: many(() => (1 - random()) ** (-1 / 0.7)) },
  { title: 'negative values', values: many(() => -Math.exp(normal() * 2)) },
  { title: 'values of both signs', values: many(() => normal() * 50) },
  { title: 'zeros among others', values: many(() => (random() < 0.6 ? 0 : random() * 10)) },
  { title: 'only zeros', values: many(() => 0, 10) },
  { title: 'one value', values: [42] },
  { title: 'values of every magnitude', values: [1e-8, 1e-3, 1, 1e3, 1e9, 1e9, 1e9] },
  { title: 'whole numbers, many of them equal', values: many(() => Math.floor(random() * 8)) },
]

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true })

describe('DDSketch', () => {
  it.each(DATA)('answers every quantile of $title within 1 %', ({ values }) => {
    expectAccurate(sketchOf(values), values)
  })

  it.each(DATA)('merges parts of $title into the sketch of the whole', ({ values }) => {
    const merged = new DDSketch()
    for (let part = 0; part < 7; part++) merged.merge(sketchOf(values.filter((_, i) => i % 7 === part)))
    expect(merged.encode()).toEqual(sketchOf(values).encode())
  })

  it.each(DATA)('agrees with the reference implementation on $title', ({ values }) => {
    const reference = new ReferenceSketch({ relativeAccuracy: RELATIVE_ACCURACY })
    for (const value of values) reference.accept(value)
    const sketch = sketchOf(values)
    for (const q of QUANTILES) {
      // Each is within 1 % of the truth, which leaves 2 % between them.
      const expected = reference.getValueAtQuantile(q)
      expect(Math.abs(sketch.quantile(q) - expected), `quantile ${q}`).toBeLessThanOrEqual(
        2.03 * RELATIVE_ACCURACY * Math.abs(expected) + 1e-9,
      )
    }
  })

  it.each(DATA)('is the same after its bytes, for $title', ({ values }) => {
    const sketch = sketchOf(values)
    const decoded = DDSketch.decode(sketch.encode())
    expect(decoded.encode()).toEqual(sketch.encode())
    expect(QUANTILES.map((q) => decoded.quantile(q))).toEqual(QUANTILES.map((q) => sketch.quantile(q)))
  })

  it('is accurate for any values, in any order, merged in any way', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 200 }), fc.nat(199), (values, cut) => {
        expectAccurate(sketchOf(values), values)
        const merged = sketchOf(values.slice(0, cut))
        merged.merge(sketchOf(values.slice(cut)))
        expectAccurate(merged, values)
        const fromBytes = sketchOf(values.slice(0, cut))
        fromBytes.mergeEncoded(sketchOf(values.slice(cut)).encode())
        expect(fromBytes.encode()).toEqual(merged.encode())
      }),
      { numRuns: 200 },
    )
  })

  it('counts a weight as so many values', () => {
    const sketch = new DDSketch()
    sketch.add(1, 99)
    sketch.add(1_000, 1)
    expect(sketch.count).toBe(100)
    expect(sketch.quantile(0.98)).toBeCloseTo(1, 1)
    expect(Math.abs(sketch.quantile(1) - 1_000)).toBeLessThanOrEqual(10)
  })

  it('has no quantile while it is empty', () => {
    expect(new DDSketch().quantile(0.5)).toBeNaN()
    expect(DDSketch.decode(new DDSketch().encode()).count).toBe(0)
  })

  it('starts anew after it was cleared', () => {
    const sketch = sketchOf([1, 2, -3, 0])
    sketch.clear()
    expect(sketch.count).toBe(0)
    sketch.add(7)
    expect(sketch.encode()).toEqual(sketchOf([7]).encode())
  })

  describe('past its bound of bins', () => {
    const wide = Array.from({ length: 30_000 }, (_, i) => 1.02 ** ((i % 3_000) - 1_000))

    it.each([
      { title: 'in rising order', values: [...wide].sort((a, b) => a - b) },
      { title: 'in falling order', values: [...wide].sort((a, b) => b - a) },
      { title: 'mixed', values: wide },
    ])('keeps the upper quantiles accurate and its size bounded, $title', ({ values }) => {
      const sketch = sketchOf(values)
      const sorted = [...values].sort((a, b) => a - b)
      for (const q of [0.5, 0.9, 0.99, 1]) {
        const exact = exactQuantile(sorted, q)
        expect(Math.abs(sketch.quantile(q) - exact) / exact, `quantile ${q}`).toBeLessThanOrEqual(ACCURACY)
      }
      expect(sketch.count).toBe(values.length)
      expect(sketch.encode().length).toBeLessThan(MAX_BINS * 5)
    })

    it('loses no weight when a sketch of small values meets one of both small and large values', () => {
      const low = sketchOf([1e-8])
      low.merge(sketchOf([1e-8, 1e300]))
      expect(low.count).toBe(3)
      expect(Math.abs(low.quantile(1) - 1e300) / 1e300).toBeLessThanOrEqual(ACCURACY)
      expect(DDSketch.decode(low.encode()).count).toBe(3)
    })
  })

  describe('refuses bytes that are not a sketch', () => {
    const good = sketchOf([1, 5, -2, 0]).encode()
    const bytes = (...numbers: number[]) => {
      const out = new Varints()
      for (const number of numbers) out.write(number)
      return out.bytes()
    }
    it.each([
      { title: 'nothing', garbage: new Uint8Array() },
      { title: 'another format', garbage: bytes(2, 0, 0, 0) },
      { title: 'a sketch cut short', garbage: good.slice(0, -1) },
      { title: 'a sketch with bytes after it', garbage: Uint8Array.of(...good, 0) },
      { title: 'more bins than the bound', garbage: bytes(1, 0, MAX_BINS + 1, 2, 1) },
      { title: 'a bin past every number', garbage: bytes(1, 0, 1, 2 ** 40, 1, 0) },
      { title: 'a bin twice', garbage: bytes(1, 0, 2, 4, 1, 0, 1, 0) },
      { title: 'a bin without weight', garbage: bytes(1, 0, 1, 4, 0, 0) },
      { title: 'an integer without end', garbage: new Uint8Array(40).fill(255) },
      { title: 'text', garbage: new TextEncoder().encode('{"count":1}') },
    ])('$title', ({ garbage }) => {
      expect(() => DDSketch.decode(garbage)).toThrow(RangeError)
    })

    it('and throws nothing else, whatever the bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
          try {
            DDSketch.decode(Uint8Array.of(1, ...garbage))
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        }),
      )
    })
  })
})

import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

describe('createRandom', () => {
  it('repeats its sequence for the same seed, and not for another', () => {
    const sequence = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(sequence(7)).toEqual(sequence(7))
    expect(sequence(7)).not.toEqual(sequence(8))
  })

  it('spreads next() evenly over [0, 1)', () => {
    const random = createRandom(1)
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < 20_000; i++) tenths[Math.floor(random.next() * 10)]!++
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  })

  it('puts half of logNormal() below the median and a twentieth above 2.1 times it at sigma 0.45', () => {
    const random = createRandom(2)
    const values = Array.from({ length: 20_000 }, () => random.logNormal(100, 0.45)).sort((a, b) => a - b)
    expect(values[10_000]).toBeCloseTo(100, -1)
    expect(values[19_000]).toBeGreaterThan(200)
    expect(values[19_000]).toBeLessThan(220)
  })
})

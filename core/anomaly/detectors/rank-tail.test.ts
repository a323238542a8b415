import { describe, expect, it } from 'vitest'
import { normal, randomOf } from '../../../bench/synthetic/random.ts'
import { ByteLayout } from './byte-layout.ts'
import { RankTail } from './rank-tail.ts'

const tailOf = (): RankTail => new RankTail(new ByteLayout(new ArrayBuffer(1_024)))

describe('RankTail', () => {
  it.each([
    ['uniform', (random: () => number) => random()],
    ['heavy-tailed', (random: () => number) => Math.exp(2 * normal(random))],
    ['of another unit', (random: () => number) => 40 * Math.exp(normal(random))],
  ])('a share p of values is at least as surprising as -ln p, to within a bin: %s', (_, draw) => {
    const random = randomOf(1)
    const tail = tailOf()
    const surprises: number[] = []
    for (let i = 0; i < 20_000; i++) {
      const value = draw(random)
      surprises.push(tail.surprise(value))
      tail.learn(value)
    }
    for (const p of [0.5, 0.1, 0.01]) {
      const share = surprises.slice(1_000).filter((surprise) => surprise >= -Math.log(p)).length / 19_000
      expect(share).toBeGreaterThan(p * 0.6)
      expect(share).toBeLessThan(p * 1.4)
    }
  })

  it('before any value nothing surprises much; beyond the largest one surprise goes on growing', () => {
    const tail = tailOf()
    expect(tail.surprise(0)).toBeLessThan(1)
    for (let i = 0; i < 1_000; i++) tail.learn(1)
    expect(tail.surprise(100)).toBeGreaterThan(tail.surprise(10))
    expect(tail.surprise(10)).toBeGreaterThan(tail.surprise(1))
  })

  it('values too small to matter do not surprise, however rare', () => {
    const tail = tailOf()
    for (let i = 0; i < 1_000; i++) tail.learn(0)
    expect(tail.surprise(0.01)).toBeLessThan(0.01)
  })

  it('a full bin halves all, and ranks stay the same', () => {
    const tail = tailOf()
    for (let i = 0; i < 65_535; i++) tail.learn(1)
    for (let i = 0; i < 655; i++) tail.learn(100)
    const before = tail.surprise(50)
    tail.learn(1)
    expect(tail.surprise(50)).toBeCloseTo(before, 1)
  })
})

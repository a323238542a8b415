import { describe, expect, it } from 'vitest'
import { normal, randomOf } from '../../../bench/synthetic/random.ts'
import { ByteLayout } from './byte-layout.ts'
import { StateMemory } from './state-memory.ts'

function memoryOf(options: { dimensions: number; capacity: number; salt: number }): StateMemory {
  return new StateMemory(new ByteLayout(new ArrayBuffer(16_384)), options)
}

function judge(memory: StateMemory, state: readonly number[]): number {
  for (const [i, value] of state.entries()) memory.set(i, value)
  return memory.judgeAndRemember()
}

/** What the memory keeps of a coordinate: one of 255 steps of the inverse hyperbolic sine. */
const rounded = (value: number): number =>
  Math.round(200 * Math.sinh(Math.max(-127, Math.min(127, Math.round(Math.asinh(value) * 24))) / 24)) / 200

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + Math.abs(rounded(value) - rounded(b[i]!)), 0)

describe('StateMemory', () => {
  it.each([1, 5, 8])(
    'finds the nearest of all states kept, as a search of each does, in %d dimensions',
    (dimensions) => {
      const random = randomOf(dimensions)
      const memory = memoryOf({ dimensions, capacity: 400, salt: 1 })
      const seen: number[][] = []
      for (let i = 0; i < 400; i++) {
        const shift = 10 * normal(random)
        const state = Array.from({ length: dimensions }, () => shift + normal(random) * (i % 50 === 7 ? 200 : 1))
        const nearest = Math.min(...seen.map((other) => distance(state, other)))
        expect(judge(memory, state)).toBeCloseTo(i === 0 ? 0 : nearest, 6)
        seen.push(state)
      }
    },
  )

  it('keeps a uniform sample: about half of the states kept are of the older half', () => {
    let older = 0
    for (let salt = 0; salt < 20; salt++) {
      const buffer = new ArrayBuffer(1_024)
      const memory = new StateMemory(new ByteLayout(buffer), { dimensions: 1, capacity: 50, salt })
      for (let i = 0; i < 1_000; i++) judge(memory, [i < 500 ? -1 : 1])
      // The keys of the 50 states kept lie first.
      older += new Int16Array(buffer, 0, 50).filter((key) => key < 0).length
    }
    expect(older).toBeGreaterThan(420)
    expect(older).toBeLessThan(580)
  })

  it('a state seen before is at distance 0', () => {
    const memory = memoryOf({ dimensions: 2, capacity: 10, salt: 1 })
    judge(memory, [1, 2])
    expect(judge(memory, [1, 2])).toBe(0)
    expect(judge(memory, [1.5, 0])).toBeCloseTo(distance([1.5, 0], [1, 2]), 6)
  })
})

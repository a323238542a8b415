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

/** The memory's own fixed point. */
const rounded = (value: number): number => Math.max(-32_767, Math.min(32_767, Math.round(value * 200))) / 200

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

  it('keeps a uniform sample: states of all ages are found, the share of the oldest half near a half', () => {
    let early = 0
    let late = 0
    for (let salt = 0; salt < 20; salt++) {
      const memory = memoryOf({ dimensions: 1, capacity: 50, salt })
      for (let i = 0; i < 1_000; i++) judge(memory, [i / 10])
      const probe = new ArrayBuffer(16_384)
      const copy = new StateMemory(new ByteLayout(probe), { dimensions: 1, capacity: 50, salt })
      for (let i = 0; i < 1_000; i++) judge(copy, [i / 10])
      for (const kept of new Int16Array(probe, 0, 100).filter((_, i) => i % 2 === 1)) kept < 10_000 ? early++ : late++
    }
    expect(early + late).toBe(1_000)
    expect(early).toBeGreaterThan(420)
    expect(early).toBeLessThan(580)
  })

  it('a state seen before is at distance 0', () => {
    const memory = memoryOf({ dimensions: 2, capacity: 10, salt: 1 })
    judge(memory, [1, 2])
    expect(judge(memory, [1, 2])).toBe(0)
    expect(judge(memory, [1.5, 0])).toBe(2.5)
  })
})

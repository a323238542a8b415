import { describe, expect, it } from 'vitest'
import { type LagSample, withSample } from './lag-history.ts'

describe('withSample', () => {
  it('adds what a mark says, once', () => {
    const once = withSample([], { completeToMs: 6_000, nowMs: 10_000 })
    expect(once).toEqual([{ atMs: 10_000, lagMs: 4_000 }])
    expect(withSample(once, { completeToMs: 6_000, nowMs: 10_000 })).toBe(once)
  })

  it('has nothing to add before the first log', () => {
    expect(withSample([], { completeToMs: null, nowMs: 10_000 })).toEqual([])
    expect(withSample([], undefined)).toEqual([])
  })

  it('is never negative, where clocks differ', () => {
    expect(withSample([], { completeToMs: 11_000, nowMs: 10_000 })[0]?.lagMs).toBe(0)
  })

  it('is bounded, and forgets the oldest', () => {
    let history: readonly LagSample[] = []
    for (let i = 0; i < 200; i++) history = withSample(history, { completeToMs: 0, nowMs: i })
    expect(history).toHaveLength(90)
    expect(history.at(-1)?.atMs).toBe(199)
  })
})

import { describe, expect, it } from 'vitest'
import { chooseStepMs, resolutionFor } from './resolution.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

describe('chooseStepMs', () => {
  it.each([
    { title: 'the finest step where it fits', rangeMs: 15 * MINUTE_MS, maxPoints: 300, stepMs: 10_000 },
    { title: 'a step that just fits', rangeMs: 300 * MINUTE_MS, maxPoints: 300, stepMs: MINUTE_MS },
    { title: 'the next one where it does not', rangeMs: 300 * MINUTE_MS + 1, maxPoints: 300, stepMs: 2 * MINUTE_MS },
    { title: 'five minutes for a day', rangeMs: DAY_MS, maxPoints: 300, stepMs: 5 * MINUTE_MS },
    { title: 'a day', rangeMs: 300 * DAY_MS, maxPoints: 300, stepMs: DAY_MS },
    { title: 'whole days past that', rangeMs: 301 * DAY_MS, maxPoints: 300, stepMs: 2 * DAY_MS },
    { title: 'one point for all', rangeMs: 3 * DAY_MS, maxPoints: 1, stepMs: 3 * DAY_MS },
  ])('takes $title', ({ rangeMs, maxPoints, stepMs }) => {
    expect(chooseStepMs(1_000, 1_000 + rangeMs, maxPoints)).toBe(stepMs)
    expect(resolutionFor(stepMs)).toBeDefined()
  })
})

describe('resolutionFor', () => {
  it.each([
    { stepMs: 10_000, resolutionMs: 10_000 },
    { stepMs: 50_000, resolutionMs: 10_000 },
    { stepMs: 60_000, resolutionMs: 60_000 },
    { stepMs: 90_000, resolutionMs: 10_000 },
    { stepMs: 240_000, resolutionMs: 60_000 },
    { stepMs: 900_000, resolutionMs: 300_000 },
    { stepMs: 2 * HOUR_MS, resolutionMs: HOUR_MS },
    { stepMs: 15_000, resolutionMs: undefined },
    { stepMs: 5_000, resolutionMs: undefined },
    { stepMs: 0, resolutionMs: undefined },
    { stepMs: -10_000, resolutionMs: undefined },
    { stepMs: Number.NaN, resolutionMs: undefined },
  ])('reads $stepMs ms steps at $resolutionMs', ({ stepMs, resolutionMs }) => {
    expect(resolutionFor(stepMs)).toBe(resolutionMs)
  })
})

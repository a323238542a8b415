import { describe, expect, it } from 'vitest'
import { AlarmBar } from './alarm-bar.ts'
import { ByteLayout } from './byte-layout.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const barOf = (): AlarmBar => new AlarmBar(new ByteLayout(new ArrayBuffer(64)))

/** The least surprise, to a hundredth of a nat, that makes an alarm at that time. */
function leastAlarm(alarms: readonly number[], atMs: number): number {
  for (let surprise = 0; surprise < 50; surprise += 0.01) {
    const bar = barOf()
    for (const timeMs of alarms) bar.decide(100, timeMs, MINUTE_MS)
    if (bar.decide(surprise, atMs, MINUTE_MS) > 0.5) return surprise
  }
  return Number.POSITIVE_INFINITY
}

describe('AlarmBar', () => {
  it('the score grows with the surprise, is above 0.5 for an alarm and never reaches 1', () => {
    const scores = [-1, 0, 1, 2, 3, 10, 1e6].map((surprise) => barOf().decide(surprise, 0, MINUTE_MS))
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    expect(scores[0]).toBe(0)
    expect(scores[3]).toBeLessThan(0.5)
    expect(scores[5]).toBeGreaterThan(0.5)
    expect(scores.at(-1)).toBeLessThan(1)
  })

  it('rests after an alarm for some hours, then speaks again', () => {
    const bar = barOf()
    expect(bar.decide(100, 0, MINUTE_MS)).toBeGreaterThan(0.5)
    expect(bar.decide(100, 30 * MINUTE_MS, MINUTE_MS)).toBe(0)
    expect(bar.isResting(30 * MINUTE_MS)).toBe(true)
    expect(bar.isResting(DAY_MS)).toBe(false)
    expect(bar.decide(100, DAY_MS, MINUTE_MS)).toBeGreaterThan(0.5)
  })

  it('rises with each alarm and falls back over months', () => {
    const without = leastAlarm([], 3 * DAY_MS)
    const afterTwo = leastAlarm([0, DAY_MS], 3 * DAY_MS)
    const muchLater = leastAlarm([0, DAY_MS], 600 * DAY_MS)
    expect(afterTwo).toBeGreaterThan(without * 1.2)
    expect(muchLater).toBeLessThan(without * 1.05)
  })
})

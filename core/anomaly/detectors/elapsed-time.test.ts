import { describe, expect, it } from 'vitest'
import { ByteLayout } from './byte-layout.ts'
import { ElapsedTime } from './elapsed-time.ts'

function after(timesMs: readonly number[]): ElapsedTime {
  const time = new ElapsedTime(new ByteLayout(new ArrayBuffer(64)))
  for (const timeMs of timesMs) time.advance(timeMs)
  return time
}

const regular = (points: number, intervalMs: number): number[] =>
  Array.from({ length: points }, (_, i) => i * intervalMs)

describe('ElapsedTime', () => {
  it.each<[string, number[], { points: number; intervalMs: number; elapsedMs: number }]>([
    ['one point: an interval of 5 minutes is assumed', [7], { points: 1, intervalMs: 300_000, elapsedMs: 0 }],
    ['a point a minute', regular(11, 60_000), { points: 11, intervalMs: 60_000, elapsedMs: 600_000 }],
    [
      'the same time thrice counts two usual intervals',
      [0, 0, 0],
      { points: 3, intervalMs: 300_000, elapsedMs: 600_000 },
    ],
    ['a step back counts one usual interval', [0, 60_000, 0], { points: 3, intervalMs: 60_000, elapsedMs: 120_000 }],
    [
      'no time counts one usual interval',
      [0, 60_000, Number.NaN],
      { points: 3, intervalMs: 60_000, elapsedMs: 120_000 },
    ],
  ])('%s', (_, timesMs, expected) => {
    const { points, intervalMs, elapsedMs } = after(timesMs)
    expect({ points, intervalMs, elapsedMs }).toEqual(expected)
  })

  it('a gap of weeks passes, and the usual interval hardly moves', () => {
    const time = after([...regular(100, 60_000), 1_814_400_000])
    expect(time.elapsedMs).toBe(1_814_400_000)
    expect(time.intervalMs).toBeLessThan(61_000)
  })

  it('a new interval is taken over', () => {
    const hourly = Array.from({ length: 1_000 }, (_, i) => 6_000_000 + i * 3_600_000)
    expect(after([...regular(100, 60_000), ...hourly]).intervalMs).toBe(3_600_000)
  })
})

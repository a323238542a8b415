import { describe, expect, it } from 'vitest'
import { timeTicks } from './time-axis.ts'
import { axisPosition, linearAxis, logAxis } from './value-axis.ts'

describe('linearAxis', () => {
  it.each([
    ['events a second', 680, [0, 200, 400, 600, 800]],
    ['per cent', 11, [0, 4, 8, 12]],
    ['exactly a round number', 800, [0, 200, 400, 600, 800]],
    ['small shares without binary noise', 0.35, [0, 0.1, 0.2, 0.3, 0.4]],
    ['nothing but zeros', 0, [0, 0.4, 0.8, 1.2]],
    ['no values at all', Number.NEGATIVE_INFINITY, [0, 0.4, 0.8, 1.2]],
  ])('%s', (_, max, ticks) => {
    expect(linearAxis(max).ticks).toEqual(ticks)
  })

  it('has three ticks where there is little room', () => {
    expect(linearAxis(680, 3).ticks).toEqual([0, 400, 800])
  })

  it('never has more than five ticks, nor cuts the largest value', () => {
    for (let max = 0.001; max < 1e7; max *= 1.37) {
      const axis = linearAxis(max)
      expect(axis.ticks.length).toBeLessThanOrEqual(5)
      expect(axis.max).toBeGreaterThanOrEqual(max * 0.999999)
    }
  })
})

describe('logAxis', () => {
  it('ticks at 1 and 3 times powers of ten', () => {
    expect(logAxis(35, 2700).ticks).toEqual([30, 100, 300, 1000, 3000])
  })

  it('thins many decades', () => {
    expect(logAxis(0.5, 900_000).ticks.length).toBeLessThanOrEqual(5)
  })

  it('has a span even for one value', () => {
    const axis = logAxis(100, 100)
    expect(axis.max).toBeGreaterThan(axis.min)
  })

  it('holds every value it was made for', () => {
    for (let low = 0.01; low < 1e5; low *= 2.3) {
      const axis = logAxis(low, low * 40)
      expect(axisPosition(axis, low)).toBeGreaterThanOrEqual(-0.001)
      expect(axisPosition(axis, low * 40)).toBeLessThanOrEqual(1.001)
    }
  })
})

describe('timeTicks', () => {
  const at = (hour: number, minute = 0) => Date.UTC(2025, 10, 20, hour, minute)

  it('labels round times', () => {
    const labels = timeTicks(at(13, 32), at(14, 32), 410, 'UTC').map((tick) => tick.label)
    expect(labels).toEqual(['13:40', '13:50', '14:00', '14:10', '14:20'])
  })

  it('has more labels where there is more room', () => {
    const labels = timeTicks(at(13, 32), at(14, 32), 900, 'UTC').map((tick) => tick.label)
    expect(labels).toHaveLength(12)
    expect(labels.slice(0, 3)).toEqual(['13:35', '13:40', '13:45'])
  })

  it('leaves out a label that an edge would cut', () => {
    const ticks = timeTicks(at(13, 59), at(14, 59), 620, 'UTC')
    expect(ticks[0]?.label).toBe('14:10')
  })

  it('aligns days to the zone and dates midnight', () => {
    const ticks = timeTicks(at(0) - 43_200_000, at(23), 900, 'Asia/Kolkata')
    expect(ticks.map((tick) => tick.label)).toContain('20 Nov')
    expect(new Date(ticks.find((tick) => tick.label === '20 Nov')!.timeMs).toISOString()).toBe(
      '2025-11-19T18:30:00.000Z',
    )
  })

  it('shows days over a week', () => {
    const labels = timeTicks(at(12) - 7 * 86_400_000, at(12), 900, 'UTC').map((tick) => tick.label)
    expect(labels).toEqual(['14 Nov', '15 Nov', '16 Nov', '17 Nov', '18 Nov', '19 Nov', '20 Nov'])
  })

  it('has none without room', () => {
    expect(timeTicks(at(1), at(2), 0, 'UTC')).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { TumblingWindows } from './tumbling-windows.ts'

describe('tumbling windows of 60 s with a grace of 5 s', () => {
  const windows = TumblingWindows.ofSizeAndGrace(60_000, 5_000)

  it.each([
    ['the start belongs to the window', 60_000, 60_000],
    ['the last millisecond belongs to the window', 119_999, 60_000],
    ['the end belongs to the next window', 120_000, 120_000],
    ['the epoch starts a window', 0, 0],
    ['a millisecond before the start belongs to the window before', 59_999, 0],
    ['time before the epoch rounds down too', -1, -60_000],
  ])('%s', (_sentence, eventTimeMs, startMs) => {
    expect(windows.startOf(eventTimeMs)).toBe(startMs)
  })

  it.each([
    ['is open at its start', 60_000, false],
    ['is open a millisecond before its end', 119_999, false],
    ['is open at its end', 120_000, false],
    ['is open a millisecond before the grace is over', 124_999, false],
    ['is closed at end + grace', 125_000, true],
    ['is open while no watermark is known', Number.NEGATIVE_INFINITY, false],
  ])('[60 s, 120 s) %s', (_sentence, watermarkMs, closed) => {
    expect(windows.isClosed(60_000, watermarkMs)).toBe(closed)
  })

  it('without grace closes at the end', () => {
    const strict = TumblingWindows.ofSizeWithNoGrace(60_000)
    expect(strict.isClosed(60_000, 119_999)).toBe(false)
    expect(strict.isClosed(60_000, 120_000)).toBe(true)
  })

  it.each([
    [0, 0],
    [-1, 0],
    [1.5, 0],
    [Number.NaN, 0],
    [1_000, -1],
    [1_000, 0.5],
  ])('refuses size %d with grace %d', (sizeMs, graceMs) => {
    expect(() => TumblingWindows.ofSizeAndGrace(sizeMs, graceMs)).toThrow(RangeError)
  })
})

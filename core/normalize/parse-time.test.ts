import { describe, expect, it } from 'vitest'
import { parseTime } from './parse-time.ts'

describe('parseTime', () => {
  it.each([
    ['ISO 8601 in UTC', '2026-11-22T17:00:00.123Z', Date.UTC(2026, 10, 22, 17, 0, 0, 123), 0],
    ['nanoseconds are kept', '2026-11-22T17:00:00.123456789Z', Date.UTC(2026, 10, 22, 17, 0, 0, 123), 456_789],
    ['east of UTC', '2026-11-22T18:30:00+01:30', Date.UTC(2026, 10, 22, 17), 0],
    ['west of UTC, no colon', '2026-11-22T12:00:00-0500', Date.UTC(2026, 10, 22, 17), 0],
    ['zone of hours only', '2026-11-22T19:00:00+02', Date.UTC(2026, 10, 22, 17), 0],
    [
      'no zone means UTC; a blank and a comma are fine',
      '2026-11-22 17:00:00,250',
      Date.UTC(2026, 10, 22, 17, 0, 0, 250),
      0,
    ],
    ['a zone after a blank', '2026-11-22 17:00:00 +0000', Date.UTC(2026, 10, 22, 17), 0],
    ['a date alone is its midnight', '2024-02-29', Date.UTC(2024, 1, 29), 0],
    ['minutes are enough', '2024-02-29T10:15Z', Date.UTC(2024, 1, 29, 10, 15), 0],
    ['a leap second is the next one', '2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1), 0],
    ['an access log writes its own form', '17/May/2015:10:05:03 +0200', Date.UTC(2015, 4, 17, 8, 5, 3), 0],
    ['seconds', 1_795_366_800, 1_795_366_800_000, 0],
    ['seconds with a fraction', 1_795_366_800.25, 1_795_366_800_250, 0],
    ['milliseconds', 1_795_366_800_123, 1_795_366_800_123, 0],
    ['microseconds', 1_795_366_800_123_456, 1_795_366_800_123, 456_000],
    ['nanoseconds as text lose nothing', '1795366800123456789', 1_795_366_800_123, 456_789],
    ['nanoseconds as bigint', 1_795_366_800_123_456_789n, 1_795_366_800_123, 456_789],
    ['digits as text', '1795366800', 1_795_366_800_000, 0],
    ['the largest seconds', 99_999_999_999, 99_999_999_999_000, 0],
    ['the smallest milliseconds', 100_000_000_000, 100_000_000_000, 0],
    ['1970 is a legal old date', 0, 0, 0],
    ['1970 as text', '1970-01-01T00:00:00Z', 0, 0],
  ])('%s: %s', (_sentence, value, ms, nanos) => {
    const time = parseTime(value)
    expect(time?.ms).toBe(ms)
    expect(Math.abs(time!.nanos - nanos)).toBeLessThanOrEqual(1000)
  })

  it.each([
    ['negative', -1],
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['no number', Number.NaN],
    ['no end', Number.POSITIVE_INFINITY],
    ['no such day', '2023-02-29T00:00:00Z'],
    ['no such month', '2023-13-01T00:00:00Z'],
    ['no such hour', '2023-01-01T24:30:00Z'],
    ['no such zone', '2023-01-01T00:00:00 CEST'],
    ['an empty fraction', '2023-01-01T00:00:00.Z'],
    ['words', 'soon'],
    ['empty', ''],
    ['a boolean', true],
    ['null', null],
    ['an object', {}],
    ['a version', '1.2.3'],
  ])('is undefined for %s', (_sentence, value) => {
    expect(parseTime(value)).toBeUndefined()
  })
})

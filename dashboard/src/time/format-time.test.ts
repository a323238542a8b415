import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatExact,
  formatMillis,
  formatMoment,
  formatSpan,
  zoneName,
  zoneOffsetMs,
} from './format-time.ts'

const MAY_2015 = Date.UTC(2015, 4, 17, 10, 5, 3, 7)
const DAY = 86_400_000

describe('times', () => {
  it('shows milliseconds in the zone asked for', () => {
    expect(formatMillis(MAY_2015, 'UTC')).toBe('10:05:03.007')
    expect(formatMillis(MAY_2015, 'Europe/Berlin')).toBe('12:05:03.007')
  })

  it('writes midnight as 00, not 24', () => {
    expect(formatMillis(Date.UTC(2025, 0, 1), 'UTC')).toBe('00:00:00.000')
  })

  it('dates a moment that is not today', () => {
    expect(formatMoment(MAY_2015, MAY_2015 + 1000, 'UTC')).toBe('10:05:03')
    expect(formatMoment(MAY_2015, MAY_2015 + DAY, 'UTC')).toBe('17 May 2015, 10:05:03')
  })

  it('dates both ends of a span over midnight', () => {
    expect(formatSpan(MAY_2015, MAY_2015 + 3_600_000, 'UTC')).toBe('10:05 – 11:05')
    expect(formatSpan(MAY_2015, MAY_2015 + DAY, 'UTC')).toBe('17 May, 10:05 – 18 May, 10:05')
  })

  it('names the zone', () => {
    expect(zoneName(MAY_2015, 'UTC')).toBe('UTC')
    expect(formatExact(MAY_2015, 'UTC')).toBe('17 May 2015, 10:05:03.007 UTC')
  })

  it.each([
    ['UTC has no offset', MAY_2015, 'UTC', 0],
    ['summer time', MAY_2015, 'Europe/Berlin', 7_200_000],
    ['winter time', Date.UTC(2015, 0, 5), 'Europe/Berlin', 3_600_000],
    ['half hours', MAY_2015, 'Asia/Kolkata', 19_800_000],
    ['behind UTC', MAY_2015, 'America/New_York', -14_400_000],
  ])('%s', (_, timeMs, zone, offsetMs) => {
    expect(zoneOffsetMs(timeMs, zone)).toBe(offsetMs)
  })

  it.each([
    ['two seconds', 2_000, 'just now'],
    ['under a minute', 40_000, '40 s ago'],
    ['minutes', 300_000, '5 min ago'],
    ['hours', 3 * 3_600_000, '3 h ago'],
    ['days', 2 * DAY, '2 d ago'],
    ['a clock ahead', -5_000, 'just now'],
  ])('%s ago', (_, ageMs, text) => {
    expect(formatAgo(MAY_2015 - ageMs, MAY_2015)).toBe(text)
  })
})

/** A moment of an event: `ms` since the epoch (integer, ≥ 0) and `nanos` past it, 0..999_999. */
export interface EventTime {
  readonly ms: number
  readonly nanos: number
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads the time of an event as loggers write it: ISO 8601 with any zone (none means UTC; a blank instead of the `T` and
 * a comma before the fraction are fine), the access log's `17/May/2015:10:05:03 +0000`, or a count since the epoch, as
 * number or digits. A count's unit follows from its size: below 1e11 seconds, below 1e14 ms, below 1e17 µs, else ns.
 *
 * @returns undefined for anything else and for moments before 1970
 */
export function parseTime(value: unknown): EventTime | undefined {
  if (typeof value === 'number') return timeOfCount(value)
  if (typeof value === 'bigint') return timeOfDigits(value.toString())
  if (typeof value !== 'string' || value.length > 64) return undefined
  const text = value.trim()
  if (text.length >= 10 && text.charCodeAt(4) === 45) return parseIsoTime(text)
  if (text.length >= 20 && text.charCodeAt(2) === 47) return parseAccessLogTime(text)
  return timeOfDigits(text)
}

function timeOfCount(count: number): EventTime | undefined {
  if (!(count >= 0) || count === Number.POSITIVE_INFINITY) return undefined
  if (count < 1e11) return splitMs(count * 1e3)
  if (count < 1e14) return splitMs(count)
  if (count < 1e17) return splitMs(count / 1e3)
  return count < 1e20 ? splitMs(count / 1e6) : undefined
}

/** Doubles of today's ms hold fractions to about a µs: finer digits would be noise. */
function splitMs(ms: number): EventTime {
  const whole = Math.floor(ms + 0.0005)
  return { ms: whole, nanos: Math.max(0, Math.round((ms - whole) * 1e3)) * 1e3 }
}

function timeOfDigits(text: string): EventTime | undefined {
  let dot = -1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46 && dot < 0 && i > 0) dot = i
    else if (code < 48 || code > 57) return undefined
  }
  if (text.length === 0) return undefined
  // 19 digits of nanoseconds do not fit a double: cut them as text.
  if (dot < 0 && text.length >= 18 && text.length <= 20) {
    return { ms: Number(text.slice(0, -6)), nanos: Number(text.slice(-6)) }
  }
  return timeOfCount(Number(text))
}

function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function parseIsoTime(text: string): EventTime | undefined {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (text.charCodeAt(7) !== 45) return undefined
  if (text.length === 10) return momentOf(year, month, day, 0, 0, 0, 0, 0)
  const separator = text.charCodeAt(10)
  if (separator !== 84 && separator !== 116 && separator !== 32) return undefined
  if (text.charCodeAt(13) !== 58) return undefined
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  let at = 16
  let second = 0
  let nanos = 0
  if (text.charCodeAt(at) === 58) {
    second = digits(text, 17, 2)
    at = 19
    const mark = text.charCodeAt(at)
    if (mark === 46 || mark === 44) {
      let unit = 100_000_000
      const first = ++at
      for (; at < text.length; at++) {
        const digit = text.charCodeAt(at) - 48
        if (!(digit >= 0 && digit <= 9)) break
        nanos += digit * Math.floor(unit)
        unit /= 10
      }
      if (at === first) return undefined
    }
  }
  const offsetMinutes = zoneMinutes(text, at)
  return offsetMinutes === undefined
    ? undefined
    : momentOf(year, month, day, hour, minute, second, nanos, offsetMinutes)
}

/** Minutes east of UTC of a zone that begins at `at`: nothing, `Z`, `UTC`, `GMT`, `±HH`, `±HHMM` or `±HH:MM`. */
function zoneMinutes(text: string, at: number): number | undefined {
  let start = at
  while (text.charCodeAt(start) === 32) start++
  if (start === text.length) return 0
  const sign = text.charCodeAt(start)
  if (sign !== 43 && sign !== 45) {
    const name = text.slice(start).toUpperCase()
    return name === 'Z' || name === 'UTC' || name === 'GMT' ? 0 : undefined
  }
  const hours = digits(text, start + 1, 2)
  const rest = text.length - start - 3
  let minutes = 0
  if (rest === 2) minutes = digits(text, start + 3, 2)
  else if (rest === 3 && text.charCodeAt(start + 3) === 58) minutes = digits(text, start + 4, 2)
  else if (rest !== 0) return undefined
  if (!(hours <= 23 && minutes <= 59)) return undefined
  return sign === 45 ? -(hours * 60 + minutes) : hours * 60 + minutes
}

/** The common log format's `17/May/2015:10:05:03 +0000`. */
function parseAccessLogTime(text: string): EventTime | undefined {
  if (text.charCodeAt(6) !== 47 || text.charCodeAt(11) !== 58 || text.charCodeAt(14) !== 58) return undefined
  const month = MONTHS.indexOf(text.slice(3, 6).toLowerCase()) + 1
  const offsetMinutes = zoneMinutes(text, 20)
  if (offsetMinutes === undefined) return undefined
  const second = digits(text, 18, 2)
  return momentOf(
    digits(text, 7, 4),
    month,
    digits(text, 0, 2),
    digits(text, 12, 2),
    digits(text, 15, 2),
    second,
    0,
    offsetMinutes,
  )
}

function momentOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  nanos: number,
  offsetMinutes: number,
): EventTime | undefined {
  // Comparisons are written so that NaN fails them. 60 is a leap second.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) {
    return undefined
  }
  if (day > DAYS_IN_MONTH[month - 1]!) return undefined
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return undefined
  const ms =
    daysFromCivil(year, month, day) * 86_400_000 +
    (hour * 60 + minute - offsetMinutes) * 60_000 +
    second * 1000 +
    Math.floor(nanos / 1e6)
  return ms >= 0 ? { ms, nanos: nanos % 1e6 } : undefined
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

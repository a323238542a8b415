const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${JSON.stringify(options)}`
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    formatters.set(key, found)
  }
  return found
}

const MINUTE: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const SECOND: Intl.DateTimeFormatOptions = { ...MINUTE, second: '2-digit' }
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
const YEAR: Intl.DateTimeFormatOptions = { ...DAY, year: 'numeric' }

/** 14:32 */
export function formatMinute(timeMs: number, zone: string): string {
  return formatter(zone, MINUTE).format(timeMs)
}

/** 14:32:10 */
export function formatSecond(timeMs: number, zone: string): string {
  return formatter(zone, SECOND).format(timeMs)
}

/** 14:32:14.108 */
export function formatMillis(timeMs: number, zone: string): string {
  const millis = ((timeMs % 1000) + 1000) % 1000
  return `${formatSecond(timeMs, zone)}.${String(Math.floor(millis)).padStart(3, '0')}`
}

/** 20 Nov */
export function formatDay(timeMs: number, zone: string): string {
  return formatter(zone, DAY).format(timeMs)
}

/** 20 Nov 2025 */
export function formatDate(timeMs: number, zone: string): string {
  return formatter(zone, YEAR).format(timeMs)
}

/** 20 Nov 2025, 14:32:14.108 UTC+1: for hover texts. */
export function formatExact(timeMs: number, zone: string): string {
  return `${formatDate(timeMs, zone)}, ${formatMillis(timeMs, zone)} ${zoneName(timeMs, zone)}`
}

/** CET, GMT+2 or UTC, as the zone is called at that time. */
export function zoneName(timeMs: number, zone: string): string {
  const parts = formatter(zone, { timeZoneName: 'short' }).formatToParts(timeMs)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
}

/** The hour for the same day, with the day for another: a span of more than a day needs both ends dated. */
export function formatSpan(fromMs: number, toMs: number, zone: string): string {
  const sameDay = formatDate(fromMs, zone) === formatDate(toMs, zone)
  if (sameDay) return `${formatMinute(fromMs, zone)} – ${formatMinute(toMs, zone)}`
  return `${formatDay(fromMs, zone)}, ${formatMinute(fromMs, zone)} – ${formatDay(toMs, zone)}, ${formatMinute(toMs, zone)}`
}

/** Time without a day if it is today's, with it otherwise: 14:32:10, or 17 May 2015, 10:05:03. */
export function formatMoment(timeMs: number, nowMs: number, zone: string): string {
  if (formatDate(timeMs, zone) === formatDate(nowMs, zone)) return formatSecond(timeMs, zone)
  return `${formatDate(timeMs, zone)}, ${formatSecond(timeMs, zone)}`
}

/** just now, 40 s ago, 5 min ago, 3 h ago, 2 d ago */
export function formatAgo(timeMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - timeMs) / 1000)
  if (seconds < 3) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h ago`
  return `${Math.round(seconds / 86_400)} d ago`
}

/** How far the zone is ahead of UTC at a time, ms. */
export function zoneOffsetMs(timeMs: number, zone: string): number {
  const parts = formatter(zone, {
    ...YEAR,
    ...SECOND,
    month: 'numeric',
  }).formatToParts(timeMs)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((candidate) => candidate.type === type)?.value)
  const asUtc = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return asUtc - Math.floor(timeMs / 1000) * 1000
}

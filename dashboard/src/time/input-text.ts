import { zoneOffsetMs } from './format-time.ts'

/** For a `datetime-local` field: 2025-11-20T14:32:10 as clocks of the zone show it. */
export function toInputText(timeMs: number, zone: string): string {
  return new Date(timeMs + zoneOffsetMs(timeMs, zone)).toISOString().slice(0, 19)
}

/**
 * Inverse of {@link toInputText}; undefined for text that is no time. An hour that clocks skip is read as the one after,
 * one they show twice as the first.
 */
export function fromInputText(text: string, zone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`)
  if (Number.isNaN(asUtc)) return undefined
  const guess = asUtc - zoneOffsetMs(asUtc, zone)
  return asUtc - zoneOffsetMs(guess, zone)
}

import { formatDay, formatMinute, formatSecond, zoneOffsetMs } from '../time/format-time.ts'

const DAY_MS = 86_400_000

const STEPS_MS = [
  1_000,
  5_000,
  10_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  900_000,
  1_800_000,
  3_600_000,
  7_200_000,
  10_800_000,
  21_600_000,
  43_200_000,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  28 * DAY_MS,
  91 * DAY_MS,
  364 * DAY_MS,
]

/** Room a label needs, and the half of one that must not be cut at an edge. px */
const LABEL_PX = 66
const HALF_LABEL_PX = 18

export interface TimeTick {
  readonly timeMs: number
  readonly label: string
}

/**
 * Round times of the zone between `fromMs` and `toMs`, as many as have room, none so near an edge that its label would
 * be cut. A day's first tick is its date.
 *
 * @param widthPx of the plot
 */
export function timeTicks(fromMs: number, toMs: number, widthPx: number, zone: string): TimeTick[] {
  const spanMs = toMs - fromMs
  if (!(spanMs > 0) || !(widthPx > 0)) return []
  const leastMs = (spanMs * LABEL_PX) / widthPx
  const stepMs = STEPS_MS.find((step) => step >= leastMs) ?? Math.ceil(leastMs / (364 * DAY_MS)) * 364 * DAY_MS
  const edgeMs = (spanMs * HALF_LABEL_PX) / widthPx
  const offsetMs = zoneOffsetMs(fromMs, zone)
  const ticks: TimeTick[] = []
  const first = Math.ceil((fromMs + edgeMs + offsetMs) / stepMs) * stepMs - offsetMs
  for (let timeMs = first; timeMs <= toMs - edgeMs; timeMs += stepMs) {
    ticks.push({ timeMs, label: tickLabel(timeMs, stepMs, offsetMs, zone) })
  }
  return ticks
}

function tickLabel(timeMs: number, stepMs: number, offsetMs: number, zone: string): string {
  if (stepMs >= DAY_MS || (timeMs + offsetMs) % DAY_MS === 0) return formatDay(timeMs, zone)
  return stepMs < 60_000 ? formatSecond(timeMs, zone) : formatMinute(timeMs, zone)
}

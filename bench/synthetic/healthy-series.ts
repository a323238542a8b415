import type { SeriesPoint } from '@weir/core'
import { normal, poisson, randomOf } from './random.ts'

const DAY_MS = 86_400_000

/**
 * Kinds of log metrics in good health: requests by the hour of the day and the day of the week, a steady rate, rare errors
 * of a quiet service, response times with a heavy tail, a gauge that wanders about its mean, bursts such as batch jobs.
 */
export const HEALTHY_KINDS = ['seasonal', 'steady', 'quiet', 'durations', 'gauge', 'bursts'] as const
export type HealthyKind = (typeof HEALTHY_KINDS)[number]

export interface HealthyOptions {
  readonly kind: HealthyKind
  readonly points: number
  readonly intervalMs: number
  readonly seed: number
  /** ms since the epoch; a Wednesday by default */
  readonly startMs?: number
}

/** A series without any anomaly, the same for the same options. */
export function healthySeries({
  kind,
  points,
  intervalMs,
  seed,
  startMs = 1_735_689_600_000,
}: HealthyOptions): SeriesPoint[] {
  const random = randomOf(seed)
  const next = valuesOf(kind, random)
  return Array.from({ length: points }, (_, i) => {
    const timeMs = startMs + i * intervalMs
    return { timeMs, value: next(timeMs) }
  })
}

/** Share of the peak traffic: a day with its top in the afternoon, and weekends at 60 %. */
export function trafficShare(timeMs: number): number {
  const ofDay = 0.55 - 0.45 * Math.cos((2 * Math.PI * ((timeMs % DAY_MS) / DAY_MS - 0.1)) % (2 * Math.PI))
  const weekday = new Date(timeMs).getUTCDay()
  return weekday === 0 || weekday === 6 ? 0.6 * ofDay : ofDay
}

function valuesOf(kind: HealthyKind, random: () => number): (timeMs: number) => number {
  switch (kind) {
    case 'seasonal':
      return (timeMs) => poisson(900 * trafficShare(timeMs), random)
    case 'steady':
      return () => poisson(120, random)
    case 'quiet':
      return () => poisson(0.3, random)
    case 'durations':
      return () => 180 * Math.exp(0.35 * normal(random))
    case 'gauge':
      return wandering(random)
    case 'bursts':
      return () => (random() < 0.05 ? poisson(400, random) : poisson(20, random))
  }
}

function wandering(random: () => number): () => number {
  let away = 0
  return () => {
    away = 0.9 * away + normal(random)
    return 50 + 4 * away
  }
}

import type { Anomaly } from '../../api/answers.ts'
import { median } from '../../charts/usual-band.ts'
import { knownValues, type Period } from './period.ts'

export interface Usual {
  /** The newest complete value; undefined if there is none. */
  readonly value: number | undefined
  /** Median of the complete values before it; undefined with too few. */
  readonly usual: number | undefined
  readonly wrong: boolean
}

const MIN_HISTORY = 5

/**
 * A value beside what is usual for it. It is wrong from `factor` times the usual on, if it is at least `floor` besides:
 * three times next to nothing is nothing.
 */
export function besideUsual(column: readonly (number | null)[], period: Period, factor: number, floor: number): Usual {
  const known = knownValues(column, period.completeSteps)
  const value = column.slice(period.firstStep, period.completeSteps).findLast((item) => item !== null) ?? undefined
  const before = known.slice(0, -1)
  const usual = before.length >= MIN_HISTORY ? median(before) : undefined
  const wrong = value !== undefined && usual !== undefined && value >= floor && value > usual * factor
  return { value, usual, wrong }
}

export interface AnomalyMarkPlace {
  readonly id: string
  readonly severity: Anomaly['severity']
  /** 0 at the start of the range, 1 at its end. */
  readonly position: number
}

export function anomalyPlaces(anomalies: readonly Anomaly[], fromMs: number, toMs: number): AnomalyMarkPlace[] {
  return anomalies
    .filter((anomaly) => anomaly.startMs >= fromMs && anomaly.startMs <= toMs)
    .map((anomaly) => ({
      id: anomaly.id,
      severity: anomaly.severity,
      position: (anomaly.startMs - fromMs) / (toMs - fromMs),
    }))
}

/** 1 error · 2 warn */
export function severitySummary(anomalies: readonly Anomaly[]): { error: number; warn: number } {
  const error = anomalies.filter((anomaly) => anomaly.severity === 'error').length
  return { error, warn: anomalies.length - error }
}

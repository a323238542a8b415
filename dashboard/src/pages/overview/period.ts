import type { MetricAnswer } from '../../api/answers.ts'
import { completeSteps } from '../../charts/chart-data.ts'

/** An answer over a range and the period before it, cut where the range begins. */
export interface Period {
  /** First step that shows any of the range. */
  readonly firstStep: number
  /** Steps before this are complete. */
  readonly completeSteps: number
}

/** One step more than the range needs, since a moving range begins inside a step. */
export function periodOf(answer: MetricAnswer, spanMs: number): Period {
  const shown = Math.ceil(spanMs / answer.stepMs) + 1
  return { firstStep: Math.max(answer.steps - shown, 0), completeSteps: completeSteps(answer) }
}

type Column = readonly (number | null)[]

/** The newest complete value of a column and those before it, newest last; gaps are left out. */
export function knownValues(column: Column, complete: number): number[] {
  return column.slice(0, complete).filter((value): value is number => value !== null)
}

/**
 * Sums of the range and of as long a time before it, over complete steps alone: what is still running would look like a
 * fall. Undefined before where it does not lie wholly in the answer or holds nothing.
 */
export function comparePeriods(column: Column, period: Period): { now: number; before: number | undefined } {
  const steps = period.completeSteps - period.firstStep
  const sum = (from: number, to: number) =>
    column.slice(from, to).reduce<number>((total, value) => total + (value ?? 0), 0)
  const now = sum(period.firstStep, period.completeSteps)
  const beforeFrom = period.firstStep - steps
  if (steps <= 0 || beforeFrom < 0) return { now, before: undefined }
  const before = sum(beforeFrom, period.firstStep)
  return { now, before: before > 0 ? before : undefined }
}

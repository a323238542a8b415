import type { Detector, DetectorPoint, Verdict } from './detector.ts'
import type { Deviation, Measure } from './measure.ts'

export interface ZScoreOptions {
  readonly measure: Measure
  readonly direction: 'up' | 'both'
  /** Least |score|, in standard deviations. */
  readonly threshold: number
  /** Windows judged together with the newest one, ≥ 1; more than one only for shares. */
  readonly recentWindows: number
  /** Windows remembered. */
  readonly historyWindows: number
  /** Windows needed before anything is said. */
  readonly minHistory: number
  /** Records needed in the window, or in a usual one: fewer say nothing. */
  readonly minCount: number
  /** Least change against the nearer end of nothing: the value must leave the middle of its range by this share of it. */
  readonly minRelativeChange: number
  /** Least change in the metric's unit. */
  readonly minAbsoluteChange: number
}

export interface ZScoreState {
  /** Oldest first; at most historyWindows + recentWindows - 1. */
  readonly history: readonly DetectorPoint[]
  /** Whether each of the last two windows judged was beyond the threshold, newest first. */
  readonly suspects: readonly boolean[]
  /** An alarm was given, and this many normal windows in a row have followed; undefined without one. */
  readonly calmSince: number | undefined
  /** Abnormal windows met since the last one that entered the history. */
  readonly heldBack: number
}

/** Two windows of the last three must agree, unless one alone is this many times beyond the threshold. */
const CLEAR_FACTOR = 2
/** An alarm is over after so many normal windows in a row. */
const CALM_WINDOWS = 6
/** One of so many abnormal windows enters the history: a new level is accepted slowly, an incident hardly at all. */
const ABSORB_EVERY = 4

/**
 * Compares each window with the last N in standard deviations. An incident is reported once, at its start: another alarm
 * is given only after a time of calm. Medians and slow absorption keep the incident itself from becoming the norm.
 */
export function zScoreDetector(options: ZScoreOptions): Detector<ZScoreState> {
  const initial: ZScoreState = { history: [], suspects: [], calmSince: undefined, heldBack: 0 }

  const step = (state: ZScoreState, point: DetectorPoint): readonly [ZScoreState, Verdict] => {
    const { history } = state
    const past = history.slice(0, Math.max(0, history.length - (options.recentWindows - 1)))
    if (past.length < options.minHistory) {
      return [
        { ...state, history: remember(history, point) },
        { kind: 'silent', why: 'history' },
      ]
    }
    const usualCount = meanCount(past)
    if (Math.max(point.count, usualCount) < options.minCount) {
      return [
        { ...state, history: remember(history, point) },
        { kind: 'silent', why: 'records' },
      ]
    }
    const recent = [...history.slice(past.length), point]
    const deviation = options.measure(recent, past)
    const score = options.direction === 'both' ? Math.abs(deviation.score) : deviation.score
    const abnormal = score >= options.threshold && isLargeChange(combined(recent), deviation)
    const next = advance(state, point, abnormal)
    if (!abnormal) return [next, { kind: 'normal' }]
    if (state.calmSince !== undefined) return [next, { kind: 'silent', why: 'resting' }]
    const clear = score >= options.threshold * CLEAR_FACTOR
    if (!clear && !state.suspects.includes(true)) return [next, { kind: 'normal' }]
    const { low, high } = deviation
    return [
      { ...next, calmSince: 0 },
      { kind: 'anomaly', score, expected: { low, high }, severity: clear ? 'error' : 'warn' },
    ]
  }

  const advance = (state: ZScoreState, point: DetectorPoint, abnormal: boolean): ZScoreState => {
    const calm = abnormal ? 0 : (state.calmSince ?? 0) + 1
    const calmSince = state.calmSince === undefined || calm >= CALM_WINDOWS ? undefined : calm
    const enters = !abnormal || state.heldBack + 1 >= ABSORB_EVERY
    return {
      history: enters ? remember(state.history, point) : state.history,
      suspects: [abnormal, ...state.suspects].slice(0, 2),
      calmSince,
      heldBack: enters ? 0 : state.heldBack + 1,
    }
  }

  const remember = (history: readonly DetectorPoint[], point: DetectorPoint): readonly DetectorPoint[] =>
    [...history, point].slice(-(options.historyWindows + options.recentWindows - 1))

  const isLargeChange = (value: number, { low, high }: Deviation): boolean => {
    const change = Math.abs(value - (low + high) / 2)
    return change >= options.minAbsoluteChange && change >= options.minRelativeChange * ((low + high) / 2)
  }

  return { name: 'z-score', initial, step }
}

function meanCount(points: readonly DetectorPoint[]): number {
  let sum = 0
  for (const point of points) sum += point.count
  return sum / points.length
}

/** Mean of the windows weighted by their records; the value itself for one window. */
function combined(points: readonly DetectorPoint[]): number {
  if (points.length === 1) return points[0]!.value
  let weighted = 0
  let count = 0
  for (const point of points) {
    weighted += point.value * point.count
    count += point.count
  }
  return count === 0 ? 0 : weighted / count
}

/** What a detector sees of a closed window. */
export interface DetectorPoint {
  /** Start of the window, ms since the epoch. */
  readonly startMs: number
  /** The aggregate that is watched, in the metric's unit. */
  readonly value: number
  /** Log records in the window: how much the value can be trusted. */
  readonly count: number
}

export type Verdict =
  | { readonly kind: 'normal' }
  /** Nothing is said, and why: too little history, too few records, or an alarm that still lasts. */
  | { readonly kind: 'silent'; readonly why: 'history' | 'records' | 'resting' }
  | {
      readonly kind: 'anomaly'
      readonly score: number
      readonly expected: { readonly low: number; readonly high: number }
      readonly severity: 'warn' | 'error'
    }

/** A pure rule over the closed windows of one series, in the order of time: no clock, no I/O. */
export interface Detector<State> {
  readonly name: string
  readonly initial: State
  step(state: State, point: DetectorPoint): readonly [State, Verdict]
}

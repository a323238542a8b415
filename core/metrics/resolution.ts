/** Sizes of the tumbling windows that every metric is kept in, finest first. ms */
export const RESOLUTIONS_MS = [10_000, 60_000, 300_000, 3_600_000] as const
export type ResolutionMs = (typeof RESOLUTIONS_MS)[number]

/** The combiner's deltas are per pane: the finest window. ms */
export const PANE_MS = 10_000

/** Steps that read well on an axis; each is a multiple of a resolution. ms */
const STEPS_MS = [
  10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000,
  21_600_000, 43_200_000, 86_400_000,
]

/**
 * The smallest readable step that needs at most `maxPoints` points for the range. Past a day a step is a whole number
 * of days.
 *
 * @param fromMs inclusive, ms since the epoch
 * @param toMs   exclusive, > fromMs
 */
export function chooseStepMs(fromMs: number, toMs: number, maxPoints: number): number {
  const leastMs = (toMs - fromMs) / maxPoints
  const step = STEPS_MS.find((candidate) => candidate >= leastMs)
  return step ?? Math.ceil(leastMs / 86_400_000) * 86_400_000
}

/** The coarsest resolution that divides the step; undefined if none does. */
export function resolutionFor(stepMs: number): ResolutionMs | undefined {
  return RESOLUTIONS_MS.findLast((resolution) => stepMs >= resolution && stepMs % resolution === 0)
}

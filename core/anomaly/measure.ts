import { median, medianAbsoluteDeviation } from 'simple-statistics'
import type { DetectorPoint } from './detector.ts'

/** How far a point lies from what its history lets expect. */
export interface Deviation {
  /** In standard deviations of normal behaviour; above 0 where the value is higher than expected. */
  readonly score: number
  readonly low: number
  readonly high: number
}

/**
 * Compares a window with those before it. The forms differ in what noise is natural: counts scatter with their square
 * root, durations by factors, shares with the number of requests.
 *
 * @param recent  the newest windows, the last of them being judged; never empty
 * @param history the windows before, at least one
 */
export type Measure = (recent: readonly DetectorPoint[], history: readonly DetectorPoint[]) => Deviation

/** From a median absolute deviation to a standard deviation, for normal noise. */
const MAD_TO_SIGMA = 1.4826
/** Half the width of the expected range, in standard deviations. */
const RANGE_SIGMAS = 3

/**
 * Number of events. Anscombe's transform 2·√(x + 3/8) (Biometrika 35, 1948) gives Poisson counts a deviation of 1, which
 * is also the least one assumed; centre and scatter are median and median absolute deviation.
 */
export const countMeasure: Measure = (recent, history) => {
  const { centre, sigma } = robust(
    history.map((point) => anscombe(point.value)),
    1,
  )
  const value = recent.at(-1)!.value
  return {
    score: (anscombe(value) - centre) / sigma,
    low: fromAnscombe(centre - RANGE_SIGMAS * sigma),
    high: fromAnscombe(centre + RANGE_SIGMAS * sigma),
  }
}

/** Durations: the same on the logarithm, with a scatter of at least a tenth. */
export const durationMeasure: Measure = (recent, history) => {
  const { centre, sigma } = robust(
    history.map((point) => logarithm(point.value)),
    0.1,
  )
  return {
    score: (logarithm(recent.at(-1)!.value) - centre) / sigma,
    low: Math.exp(centre - RANGE_SIGMAS * sigma),
    high: Math.exp(centre + RANGE_SIGMAS * sigma),
  }
}

/**
 * Share of failures, 0..1: the failures of the recent windows together against the number expected from the history's
 * share, as the signed root of the Poisson deviance (McCullagh and Nelder, Generalized Linear Models, 1989, 2.3), which
 * stays honest for the few failures of a healthy service. A failure in 500 is always expected.
 */
export const shareMeasure: Measure = (recent, history) => {
  const now = failures(recent)
  const before = failures(history)
  const usual = (before.failed + 1) / (before.total + 500)
  const expected = now.total * usual
  const spread = RANGE_SIGMAS * Math.sqrt(usual / Math.max(1, now.total))
  return {
    score: signedRootDeviance(now.failed, expected),
    low: Math.max(0, usual - spread),
    high: Math.min(1, usual + spread),
  }
}

function robust(values: number[], leastSigma: number): { centre: number; sigma: number } {
  return { centre: median(values), sigma: Math.max(leastSigma, MAD_TO_SIGMA * medianAbsoluteDeviation(values)) }
}

function anscombe(count: number): number {
  return 2 * Math.sqrt(Math.max(0, count) + 0.375)
}

function fromAnscombe(transformed: number): number {
  return transformed <= 0 ? 0 : Math.max(0, (transformed / 2) ** 2 - 0.375)
}

/** A microsecond is as fast as anything gets: the logarithm stays finite. */
function logarithm(durationMs: number): number {
  return Math.log(Math.max(0.001, durationMs))
}

function failures(points: readonly DetectorPoint[]): { failed: number; total: number } {
  let failed = 0
  let total = 0
  for (const point of points) {
    failed += point.value * point.count
    total += point.count
  }
  return { failed, total }
}

function signedRootDeviance(seen: number, expected: number): number {
  if (expected <= 0) return 0
  const deviance = 2 * ((seen > 0 ? seen * Math.log(seen / expected) : 0) - (seen - expected))
  return Math.sign(seen - expected) * Math.sqrt(Math.max(0, deviance))
}

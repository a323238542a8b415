import type { AggregateName } from '../metrics/aggregate.ts'
import { OTHER, type Series } from '../metrics/series.ts'
import type { Detector } from './detector.ts'
import { countMeasure, durationMeasure, shareMeasure } from './measure.ts'
import { type ZScoreOptions, type ZScoreState, zScoreDetector } from './z-score.ts'

/** Which series are watched, for which number, by which detector. */
export interface WatchRule {
  readonly metric: string
  readonly aggregate: AggregateName
  readonly detector: Detector<ZScoreState>
  /** A window that is missing while the series is active counts as zero, or says nothing. */
  readonly missing: 'zero' | 'nothing'
  readonly applies: (series: Series) => boolean
}

/** Windows of history that a detector remembers: 20 minutes of 10 s windows. */
export const HISTORY_WINDOWS = 120

const COMMON = { threshold: 5, recentWindows: 1, historyWindows: HISTORY_WINDOWS, minHistory: 30 } as const

const COUNTS: Omit<ZScoreOptions, 'direction'> = {
  ...COMMON,
  measure: countMeasure,
  minCount: 10,
  minRelativeChange: 0.5,
  minAbsoluteChange: 0,
}

/** Lines of these severities going quiet is news; fewer errors are not. */
const USUAL_SEVERITIES = new Set(['unknown', 'trace', 'debug', 'info'])

const isUsual = (series: Series) => USUAL_SEVERITIES.has(series.labels.severity ?? '')
const isNamed = (series: Series) => !Object.values(series.labels).includes(OTHER)

/** What is watched on the 10 s windows of the built-in metrics. */
export const BUILT_IN_WATCH_RULES: readonly WatchRule[] = [
  {
    metric: 'logs.count',
    aggregate: 'count',
    detector: zScoreDetector({ ...COUNTS, direction: 'both' }),
    missing: 'zero',
    applies: (series) => isNamed(series) && isUsual(series),
  },
  {
    metric: 'logs.count',
    aggregate: 'count',
    detector: zScoreDetector({ ...COUNTS, direction: 'up' }),
    missing: 'zero',
    applies: (series) => isNamed(series) && !isUsual(series),
  },
  {
    metric: 'http.server.duration',
    aggregate: 'p95',
    detector: zScoreDetector({
      ...COMMON,
      measure: durationMeasure,
      direction: 'up',
      minCount: 10,
      minRelativeChange: 1,
      minAbsoluteChange: 20,
    }),
    missing: 'nothing',
    applies: isNamed,
  },
  {
    metric: 'http.server.error_share',
    aggregate: 'avg',
    detector: zScoreDetector({
      ...COMMON,
      measure: shareMeasure,
      direction: 'up',
      recentWindows: 3,
      minCount: 10,
      minRelativeChange: 1,
      minAbsoluteChange: 0.03,
    }),
    missing: 'nothing',
    applies: isNamed,
  },
]

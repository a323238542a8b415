import type { MetricAnswer, MetricQuestion } from '../api/answers.ts'
import { DEFAULT_RANGE, type Range } from './range.ts'

const YOUNG_MS = 900_000

/** What {@link openingRange} decides by: lines a minute, long enough back to see a night without any. */
export const OPENING_QUESTION: MetricQuestion = {
  type: 'metric',
  range: { lastMs: 43_200_000 },
  metric: 'logs.count',
  aggregates: ['count'],
  stepMs: 60_000,
}

/**
 * The range a page opens with when its URL names none: the last 15 minutes while nothing is older, since charts of an hour
 * would be nearly empty.
 */
export function openingRange(answer: MetricAnswer): Range {
  const counts = answer.groups[0]?.columns.count ?? []
  const first = counts.findIndex((count) => count !== null && count > 0)
  return first === -1 || (answer.steps - first) * answer.stepMs <= YOUNG_MS ? { lastMs: YOUNG_MS } : DEFAULT_RANGE
}

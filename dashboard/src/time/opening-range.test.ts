import { describe, expect, it } from 'vitest'
import type { MetricAnswer } from '../api/answers.ts'
import { openingRange } from './opening-range.ts'

const MINUTES = 720

/** Lines a minute, by how many minutes ago; nothing in the others. */
function linesAgo(...minutes: number[]): MetricAnswer {
  const count = new Array<number | null>(MINUTES).fill(null)
  for (const ago of minutes) count[MINUTES - ago] = 7
  return {
    id: 'a',
    type: 'metric',
    metric: 'logs.count',
    unit: '1',
    fromMs: 0,
    stepMs: 60_000,
    steps: MINUTES,
    completeToMs: MINUTES * 60_000,
    groups: [{ labels: {}, totals: { count: 7 }, columns: { count } }],
    droppedGroups: 0,
  }
}

describe('openingRange', () => {
  it.each<[what: string, answer: MetricAnswer, lastMs: number]>([
    ['is 15 minutes before the first line', { ...linesAgo(), groups: [] }, 900_000],
    ['is 15 minutes where counts are none', linesAgo(), 900_000],
    ['is 15 minutes while the first line is younger', linesAgo(15, 3, 1), 900_000],
    ['is an hour as soon as one is older', linesAgo(16, 3, 1), 3_600_000],
    ['is an hour after a night without lines', linesAgo(600), 3_600_000],
  ])('%s', (_, answer, lastMs) => {
    expect(openingRange(answer)).toEqual({ lastMs })
  })
})

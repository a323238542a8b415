import type { MetricAnswer, MetricGroup } from '../api/answers.ts'

export interface ChartSeries {
  readonly key: string
  readonly name: string
  readonly colour: string
  /** Value i is for `[fromMs + i·stepMs, + stepMs)`; null is a gap. */
  readonly values: readonly (number | null)[]
  /** Of a line: the one meant, one among equals, or one for context. */
  readonly weight?: 'main' | 'plain' | 'context'
}

/** What a chart shows, apart from how: its picture, tooltip, legend and table are all made from this. */
export interface ChartData {
  readonly kind: 'bars' | 'lines'
  readonly scale: 'linear' | 'log'
  readonly unit: string
  readonly fromMs: number
  readonly stepMs: number
  readonly steps: number
  /** Windows that end after it are still running. */
  readonly completeToMs: number | null
  /** Of bars: bottom to top. */
  readonly series: readonly ChartSeries[]
  /** What is usual for the series `of`. */
  readonly band?: {
    readonly name: string
    readonly low: readonly (number | null)[]
    readonly high: readonly (number | null)[]
  }
}

/** Steps before this index are complete. */
export function completeSteps(data: Pick<ChartData, 'fromMs' | 'stepMs' | 'steps' | 'completeToMs'>): number {
  if (data.completeToMs === null) return 0
  return Math.min(Math.max(Math.floor((data.completeToMs - data.fromMs) / data.stepMs), 0), data.steps)
}

/** Index of the step that holds a time; undefined outside. */
export function stepAt(data: Pick<ChartData, 'fromMs' | 'stepMs' | 'steps'>, timeMs: number): number | undefined {
  const index = Math.floor((timeMs - data.fromMs) / data.stepMs)
  return index >= 0 && index < data.steps ? index : undefined
}

/**
 * The newest value of a complete step; of a running one only if there is no other. In a stack a part that is missing where
 * others have values is none, not the value it had some time ago.
 */
export function lastValue(data: ChartData, series: ChartSeries): number | undefined {
  const complete = completeSteps(data)
  if (data.kind === 'bars') {
    const newest = newestStep(data, complete) ?? newestStep(data, data.steps)
    return newest === undefined ? undefined : (series.values[newest] ?? 0)
  }
  const closed = series.values.slice(0, complete).findLast((value) => value !== null)
  return closed ?? series.values.findLast((value) => value !== null) ?? undefined
}

/** The last step before `end` in which any series has a value. */
function newestStep(data: ChartData, end: number): number | undefined {
  for (let step = end - 1; step >= 0; step--) {
    if (data.series.some((series) => (series.values[step] ?? null) !== null)) return step
  }
  return undefined
}

/** A column of a group; all gaps where the answer lacks it. */
export function columnOf(answer: MetricAnswer, group: MetricGroup, aggregate: string): readonly (number | null)[] {
  return group.columns[aggregate] ?? new Array<null>(answer.steps).fill(null)
}

/** Element by element; a gap counts as nothing beside a value, and stays a gap beside gaps. */
export function sumColumns(columns: readonly (readonly (number | null)[])[], steps: number): (number | null)[] {
  const sum = new Array<number | null>(steps).fill(null)
  for (const column of columns) {
    for (let i = 0; i < steps; i++) {
      const value = column[i]
      if (value !== null && value !== undefined) sum[i] = (sum[i] ?? 0) + value
    }
  }
  return sum
}

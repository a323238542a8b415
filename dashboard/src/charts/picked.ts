import { type ChartData, stepAt } from './chart-data.ts'
import { type Plot, timeAt, type View, yOf } from './plot.ts'
import type { ValueAxis } from './value-axis.ts'

/** A step of a chart, with the series that was meant: the reader wants the lines behind it. */
export interface Picked {
  readonly fromMs: number
  readonly toMs: number
  /** Undefined: all of them. */
  readonly seriesKey: string | undefined
}

/** Farther from every line, the whole step is meant. px */
const NEAR_PX = 24
/** Of lines that lie on each other none is meant alone. px */
const APART_PX = 2

/** What lies at a point of a chart; undefined outside its steps, and where nothing has a value. */
export function pickAt(
  data: ChartData,
  view: View,
  plot: Plot,
  axis: ValueAxis,
  at: { readonly xPx: number; readonly yPx: number },
): Picked | undefined {
  const step = stepAt(data, timeAt(at.xPx, view, plot))
  if (step === undefined || data.series.every((series) => (series.values[step] ?? null) === null)) return undefined
  const picked = stepBounds(data, step)
  if (data.kind === 'bars') {
    let base = 0
    for (const series of data.series) {
      const top = base + (series.values[step] ?? 0)
      if (top > base && at.yPx <= yOf(base, axis, plot) && at.yPx > yOf(top, axis, plot)) {
        return { ...picked, seriesKey: series.key }
      }
      base = top
    }
    return { ...picked, seriesKey: undefined }
  }
  const near = data.series
    .flatMap((series) => {
      const value = series.values[step] ?? null
      return value === null ? [] : [{ key: series.key, distancePx: Math.abs(yOf(value, axis, plot) - at.yPx) }]
    })
    .toSorted((a, b) => a.distancePx - b.distancePx)
  const [first, second] = near
  const isMeant = first && first.distancePx <= NEAR_PX && (!second || second.distancePx - first.distancePx >= APART_PX)
  return { ...picked, seriesKey: isMeant ? first.key : undefined }
}

export function stepBounds(data: ChartData, step: number): { fromMs: number; toMs: number } {
  const fromMs = data.fromMs + step * data.stepMs
  return { fromMs, toMs: fromMs + data.stepMs }
}

import type { ChartData } from './chart-data.ts'
import { sumColumns } from './chart-data.ts'
import { axisPosition, linearAxis, logAxis, MAX_TICKS, type ValueAxis } from './value-axis.ts'

/** What is seen of a chart: a stretch of time on so many pixels. */
export interface View {
  readonly fromMs: number
  readonly toMs: number
  readonly widthPx: number
  readonly heightPx: number
}

export interface Plot {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const RIGHT_PX = 14
const BOTTOM_PX = 24
const TOP_PX = 8
/** A line of text above the plot, for the names of deploys. */
const NOTE_PX = 18

/** The rectangle that data is drawn in, from the chart's upper left corner. px */
export function plotOf(view: View, unit: string, withNotes: boolean): Plot {
  const left = unit === 'ms' || unit === 'By' ? 54 : 44
  const top = withNotes ? TOP_PX + NOTE_PX : TOP_PX
  return {
    left,
    top,
    width: Math.max(view.widthPx - left - RIGHT_PX, 1),
    height: Math.max(view.heightPx - top - BOTTOM_PX, 1),
  }
}

export function xOf(timeMs: number, view: View, plot: Plot): number {
  return plot.left + ((timeMs - view.fromMs) / (view.toMs - view.fromMs)) * plot.width
}

export function timeAt(xPx: number, view: View, plot: Plot): number {
  const share = Math.min(Math.max((xPx - plot.left) / plot.width, 0), 1)
  return view.fromMs + share * (view.toMs - view.fromMs)
}

export function yOf(value: number, axis: ValueAxis, plot: Plot): number {
  const share = Math.min(Math.max(axisPosition(axis, value), 0), 1)
  return plot.top + (1 - share) * plot.height
}

/** Below it five ticks would crowd. px */
const LOW_PLOT_PX = 110

/** The axis that holds every value shown: the tops of stacks for bars, lines and the band otherwise. */
export function valueAxisOf(data: ChartData, heightPx: number): ValueAxis {
  const columns =
    data.kind === 'bars'
      ? [
          sumColumns(
            data.series.map((series) => series.values),
            data.steps,
          ),
        ]
      : [...data.series.map((series) => series.values), ...(data.band ? [data.band.low, data.band.high] : [])]
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const column of columns) {
    for (const value of column) {
      if (value === null) continue
      if (value > max) max = value
      if (value < min && (data.scale === 'linear' || value > 0)) min = value
    }
  }
  return data.scale === 'log' ? logAxis(min, max) : linearAxis(max, heightPx < LOW_PLOT_PX ? 3 : MAX_TICKS)
}

import type { EChartsCoreOption } from 'echarts/core'
import { formatNumber, formatQuantity } from '../format/number.ts'
import { FONTS, type Tokens } from '../theme/tokens.ts'
import { type ChartData, type ChartSeries, completeSteps } from './chart-data.ts'
import type { Plot, View } from './plot.ts'
import { timeTicks } from './time-axis.ts'
import type { ValueAxis } from './value-axis.ts'

type Point = [timeMs: number, value: number | null]
type Item = Point | { value: Point; symbol: 'circle'; symbolSize: number }

const BAR_SHARE = 0.72
const RUNNING_BAR_OPACITY = 0.42
const RUNNING_LINE_OPACITY = 0.45
const LINE_WIDTH = { main: 1.75, plain: 1.5, context: 1.25 }

/** How a value reads on the axis: 600, 12 %, 300 ms. */
export function axisLabel(value: number, unit: string): string {
  if (unit === '/s' || unit === '1') return formatNumber(value)
  return formatQuantity(value, unit)
}

/**
 * The whole picture of a chart for ECharts: pure, so that a redraw is `setOption` with what this returns. The tooltip,
 * crosshair and marks are elements over the canvas, not part of it.
 */
export function chartOption(
  data: ChartData,
  view: View,
  plot: Plot,
  axis: ValueAxis,
  tokens: Tokens,
  zone: string,
): EChartsCoreOption {
  const ticks = timeTicks(view.fromMs, view.toMs, plot.width, zone)
  const labels = new Map(ticks.map((tick) => [tick.timeMs, tick.label]))
  const times = ticks.map((tick) => tick.timeMs)
  const text = { color: tokens.t3, fontSize: 11, fontFamily: FONTS.text }
  const onAxis = (value: number) => (axis.log ? Math.log10(value) : value)
  const fromAxis = new Map(axis.ticks.map((tick) => [onAxis(tick), tick]))
  return {
    animation: false,
    silent: true,
    grid: { left: plot.left, top: plot.top, width: plot.width, height: plot.height, containLabel: false },
    xAxis: {
      type: 'time',
      min: view.fromMs,
      max: view.toMs,
      axisLine: { show: false },
      axisTick: { show: false, customValues: times },
      splitLine: { show: false },
      axisLabel: { ...text, margin: 10, customValues: times, formatter: (value: number) => labels.get(value) ?? '' },
    },
    yAxis: {
      type: 'value',
      min: axis.min,
      max: axis.max,
      axisLine: { show: false },
      axisTick: { show: false, customValues: axis.ticks.map(onAxis) },
      splitLine: { lineStyle: { color: tokens.grid, width: 1 } },
      axisLabel: {
        ...text,
        margin: 8,
        customValues: axis.ticks.map(onAxis),
        formatter: (value: number) => axisLabel(fromAxis.get(value) ?? (axis.log ? 10 ** value : value), data.unit),
      },
    },
    series: [
      ...bandSeries(data, axis, tokens),
      ...data.series.flatMap((series, index) =>
        data.kind === 'bars' ? barSeries(data, series, view, plot) : lineSeries(data, series, axis, index),
      ),
    ],
  }
}

function middleOf(data: ChartData, index: number): number {
  return data.fromMs + (index + 0.5) * data.stepMs
}

/** Two series of one stack: complete windows, and those still running, lighter. */
function barSeries(data: ChartData, series: ChartSeries, view: View, plot: Plot): object[] {
  const complete = completeSteps(data)
  const slotPx = (data.stepMs / (view.toMs - view.fromMs)) * plot.width
  const part = (name: string, opacity: number, belongs: (index: number) => boolean) => ({
    type: 'bar',
    name: `${series.key} ${name}`,
    stack: 'all',
    barWidth: Math.max(slotPx * BAR_SHARE, 1),
    itemStyle: { color: series.colour, opacity },
    data: series.values.map((value, index): Point => [middleOf(data, index), belongs(index) ? value : null]),
  })
  return [
    part('complete', 1, (index) => index < complete),
    part('running', RUNNING_BAR_OPACITY, (index) => index >= complete),
  ]
}

/** A solid line through complete windows, and a dashed one from the last of them through those still running. */
function lineSeries(data: ChartData, series: ChartSeries, axis: ValueAxis, index: number): object[] {
  const complete = completeSteps(data)
  const width = LINE_WIDTH[series.weight ?? 'plain']
  const part = (name: string, style: object, values: readonly (number | null)[]) => ({
    type: 'line',
    name: `${series.key} ${name}`,
    symbol: 'none',
    showAllSymbol: true,
    connectNulls: false,
    lineStyle: { color: series.colour, width, cap: 'round', join: 'round', ...style },
    itemStyle: { color: series.colour },
    z: 3 + (series.weight === 'main' ? 20 : 0) - index / 100,
    data: values.map((value, step): Item => pointOrDot(middleOf(data, step), values, step, onScale(value, axis))),
  })
  const closed = series.values.map((value, step) => (step < complete ? value : null))
  const running = series.values.map((value, step) => (step >= complete - 1 ? value : null))
  return [part('complete', {}, closed), part('running', { type: [3, 3], opacity: RUNNING_LINE_OPACITY }, running)]
}

function onScale(value: number | null, axis: ValueAxis): number | null {
  if (value === null || !axis.log) return value
  return value > 0 ? Math.log10(value) : null
}

/** A value between two gaps has no line through it: it is shown as a dot, or it would be lost. */
function pointOrDot(timeMs: number, values: readonly (number | null)[], step: number, scaled: number | null): Item {
  const alone = scaled !== null && (values[step - 1] ?? null) === null && (values[step + 1] ?? null) === null
  return alone ? { value: [timeMs, scaled], symbol: 'circle', symbolSize: 3 } : [timeMs, scaled]
}

/** A see-through base with a filled difference stacked on it. */
function bandSeries(data: ChartData, axis: ValueAxis, tokens: Tokens): object[] {
  const band = data.band
  if (!band) return []
  const low = band.low.map((value) => onScale(value, axis))
  const high = band.high.map((value) => onScale(value, axis))
  const part = (name: string, fill: object, values: (number | null)[]) => ({
    type: 'line',
    name,
    stack: 'band',
    stackStrategy: 'all',
    symbol: 'none',
    lineStyle: { width: 0 },
    areaStyle: fill,
    z: 1,
    data: values.map((value, index): Point => [middleOf(data, index), value]),
  })
  const difference = high.map((value, index) => {
    const base = low[index]
    return value === null || base === null || base === undefined ? null : value - base
  })
  return [part('band base', { opacity: 0 }, low), part('band', { color: tokens.band, opacity: 1 }, difference)]
}

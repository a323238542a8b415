import { describe, expect, it } from 'vitest'
import { TOKENS } from '../theme/tokens.ts'
import type { ChartData } from './chart-data.ts'
import { completeSteps, lastValue, stepAt, sumColumns } from './chart-data.ts'
import { chartOption } from './chart-option.ts'
import { plotOf, timeAt, type View, valueAxisOf, xOf, yOf } from './plot.ts'

const DATA: ChartData = {
  kind: 'bars',
  scale: 'linear',
  unit: '/s',
  fromMs: 0,
  stepMs: 10_000,
  steps: 4,
  completeToMs: 30_000,
  series: [
    { key: 'error', name: 'error', colour: '#f00', values: [1, 2, null, 4] },
    { key: 'info', name: 'info', colour: '#00f', values: [10, null, null, 5] },
  ],
}
const VIEW: View = { fromMs: 0, toMs: 40_000, widthPx: 458, heightPx: 132 }

function seriesOf(data: ChartData) {
  const plot = plotOf(VIEW, data.unit, false)
  const option = chartOption(data, VIEW, plot, valueAxisOf(data, 200), TOKENS.dark, 'UTC')
  return option.series as {
    name: string
    data: unknown[]
    barWidth?: number
    lineStyle?: object
    itemStyle: { opacity?: number }
  }[]
}

describe('chart data', () => {
  it.each([
    ['all windows end before the watermark', 40_000, 4],
    ['a window that ends at the watermark is complete', 30_000, 3],
    ['one that ends after it is not', 29_999, 2],
    ['nothing is complete before the first log', null, 0],
    ['a watermark before the range', -5, 0],
  ])('%s', (_, completeToMs, steps) => {
    expect(completeSteps({ ...DATA, completeToMs })).toBe(steps)
  })

  it('finds the step of a time, half-open', () => {
    expect([stepAt(DATA, 0), stepAt(DATA, 9_999), stepAt(DATA, 10_000), stepAt(DATA, 40_000)]).toEqual([
      0,
      0,
      1,
      undefined,
    ])
  })

  it('takes the last complete value, not the running one', () => {
    const lines: ChartData = { ...DATA, kind: 'lines' }
    expect(lastValue(lines, DATA.series[0]!)).toBe(2)
    expect(lastValue({ ...lines, completeToMs: null }, DATA.series[0]!)).toBe(4)
  })

  it('takes a part of a stack that is missing for none', () => {
    const series = [
      { key: 'error', name: 'error', colour: '', values: [3, null] },
      { key: 'info', name: 'info', colour: '', values: [10, 20] },
    ]
    const stack = { ...DATA, series, steps: 2, completeToMs: 20_000 }
    expect(series.map((one) => lastValue(stack, one))).toEqual([0, 20])
    expect(lastValue({ ...stack, series: [] }, series[0]!)).toBeUndefined()
  })

  it('adds columns without turning a gap into zero', () => {
    expect(
      sumColumns(
        DATA.series.map((series) => series.values),
        4,
      ),
    ).toEqual([11, 2, null, 9])
  })
})

describe('bars', () => {
  it('are stacked, complete ones full and running ones lighter', () => {
    const [complete, running] = seriesOf(DATA)
    expect(complete?.data).toEqual([
      [5_000, 1],
      [15_000, 2],
      [25_000, null],
      [35_000, null],
    ])
    expect(running?.data.at(-1)).toEqual([35_000, 4])
    expect(complete?.itemStyle.opacity).toBe(1)
    expect(running?.itemStyle.opacity).toBe(0.42)
  })

  it('fill 72 % of their slot', () => {
    expect(seriesOf(DATA)[0]?.barWidth).toBeCloseTo(72)
  })

  it('have an axis that holds the stack', () => {
    expect(valueAxisOf(DATA, 200).max).toBe(12)
  })
})

describe('lines', () => {
  const lines: ChartData = {
    ...DATA,
    kind: 'lines',
    scale: 'log',
    unit: 'ms',
    series: [{ key: 'p95', name: 'p95', colour: '#0f0', values: [100, null, 1_000, 10] }],
  }

  it('are logarithms on a log scale, with gaps', () => {
    const [complete] = seriesOf(lines)
    expect(complete?.data[1]).toEqual([15_000, null])
    expect(complete?.data[3]).toEqual([35_000, null])
  })

  it('show a lone value as a dot', () => {
    expect(seriesOf(lines)[0]?.data[0]).toEqual({ value: [5_000, 2], symbol: 'circle', symbolSize: 3 })
  })

  it('go on dashed from the last complete value', () => {
    const running = seriesOf(lines)[1]
    expect(running?.data.slice(2)).toEqual([
      [25_000, 3],
      [35_000, 1],
    ])
    expect(running?.lineStyle).toMatchObject({ type: [3, 3], opacity: 0.45 })
  })

  it('leave out what a log scale cannot show', () => {
    const zero = { ...lines, series: [{ ...lines.series[0]!, values: [0, 5, 5, 5] }] }
    expect(seriesOf(zero)[0]?.data[0]).toEqual([5_000, null])
  })

  it('have the band below them', () => {
    const band = { name: 'usual', low: [10, 10, 10, 10], high: [100, 100, null, 100] }
    const [base, difference] = seriesOf({ ...lines, band })
    expect(base?.data[0]).toEqual([5_000, 1])
    expect(difference?.data.map((point) => (point as [number, number | null])[1])).toEqual([1, 1, null, 1])
  })
})

describe('places on the plot', () => {
  const plot = plotOf(VIEW, '/s', false)

  it('turn a time into a pixel and back', () => {
    const x = xOf(10_000, VIEW, plot)
    expect(x).toBe(44 + 100)
    expect(timeAt(x, VIEW, plot)).toBe(10_000)
  })

  it('stay inside at the edges', () => {
    expect(timeAt(0, VIEW, plot)).toBe(0)
    expect(timeAt(9_999, VIEW, plot)).toBe(40_000)
    expect(yOf(99_999, valueAxisOf(DATA, 200), plot)).toBe(plot.top)
  })
})

import { describe, expect, it } from 'vitest'
import type { ChartData } from './chart-data.ts'
import { pickAt } from './picked.ts'
import { plotOf, type View, valueAxisOf, xOf, yOf } from './plot.ts'

const VIEW: View = { fromMs: 0, toMs: 40_000, widthPx: 458, heightPx: 232 }

function chart(kind: ChartData['kind']): ChartData {
  const series = (key: string, ...values: (number | null)[]) => ({ key, name: key, colour: '#000', values })
  return {
    kind,
    scale: 'linear',
    unit: '/s',
    fromMs: 0,
    stepMs: 10_000,
    steps: 4,
    completeToMs: 40_000,
    series: [series('error', 10, null, 40, 0), series('info', 30, null, 40, 40)],
  }
}

/** What is picked at a time and a value. */
function pick(kind: ChartData['kind'], timeMs: number, value: number) {
  const data = chart(kind)
  const plot = plotOf(VIEW, data.unit, false)
  const axis = valueAxisOf(data, plot.height)
  return pickAt(data, VIEW, plot, axis, { xPx: xOf(timeMs, VIEW, plot), yPx: yOf(value, axis, plot) })
}

describe('pickAt', () => {
  it.each<[what: string, kind: ChartData['kind'], timeMs: number, value: number, seriesKey: string | undefined]>([
    ['the part of a stack that is pointed at', 'bars', 5_000, 5, 'error'],
    ['the part on top of it', 'bars', 5_000, 35, 'info'],
    ['no part above the stack', 'bars', 5_000, 41, undefined],
    ['no part that is zero high', 'bars', 35_000, 1, 'info'],
    ['the line that is nearest', 'lines', 5_000, 12, 'error'],
    ['no line alone where two lie on each other', 'lines', 25_000, 40, undefined],
    ['no line where none is near', 'lines', 5_000, 20, undefined],
  ])('gives the step and %s', (_, kind, timeMs, value, seriesKey) => {
    const fromMs = Math.floor(timeMs / 10_000) * 10_000
    expect(pick(kind, timeMs, value)).toEqual({ fromMs, toMs: fromMs + 10_000, seriesKey })
  })

  it('gives nothing in a gap', () => {
    expect(pick('bars', 15_000, 5)).toBeUndefined()
  })
})

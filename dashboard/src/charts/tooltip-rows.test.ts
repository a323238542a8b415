import { describe, expect, it } from 'vitest'
import type { ChartData } from './chart-data.ts'
import { tooltipRows } from './tooltip-rows.ts'

function data(kind: ChartData['kind'], values: (number | null)[]): ChartData {
  const series = values.map((value, index) => ({ key: `${index}`, name: `s${index}`, colour: '#000', values: [value] }))
  return { kind, scale: 'linear', unit: '/s', fromMs: 0, stepMs: 10, steps: 1, completeToMs: 10, series }
}

describe('tooltipRows', () => {
  it('sorts lines by value, and has no total', () => {
    const { rows, total } = tooltipRows(data('lines', [1, 9, 4]), 0)
    expect(rows.map((row) => row.value)).toEqual([9, 4, 1])
    expect(total).toBeUndefined()
  })

  it('keeps the order of the stack from its top, with the total', () => {
    const { rows, total } = tooltipRows(data('bars', [1, 9, 4]), 0)
    expect(rows.map((row) => row.value)).toEqual([4, 9, 1])
    expect(total).toBe(14)
  })

  it('leaves gaps out', () => {
    expect(tooltipRows(data('lines', [null, 2]), 0).rows).toHaveLength(1)
  })

  it('is bounded, and says how many more there are', () => {
    const { rows, more } = tooltipRows(data('lines', new Array<number>(15).fill(1)), 0)
    expect([rows.length, more]).toEqual([12, 3])
  })
})

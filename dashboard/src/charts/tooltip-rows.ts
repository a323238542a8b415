import type { ChartData } from './chart-data.ts'

export interface TooltipRow {
  readonly key: string
  readonly name: string
  readonly colour: string
  readonly value: number
}

const MAX_ROWS = 12

/** The values of one step: the largest first for lines, top to bottom as they are stacked for bars. */
export function tooltipRows(
  data: ChartData,
  step: number,
): { rows: TooltipRow[]; more: number; total: number | undefined } {
  const rows = data.series.flatMap((series) => {
    const value = series.values[step]
    return value === null || value === undefined
      ? []
      : [{ key: series.key, name: series.name, colour: series.colour, value }]
  })
  const ordered = data.kind === 'bars' ? rows.toReversed() : rows.toSorted((a, b) => b.value - a.value)
  const total = data.kind === 'bars' && rows.length > 1 ? rows.reduce((sum, row) => sum + row.value, 0) : undefined
  return { rows: ordered.slice(0, MAX_ROWS), more: Math.max(ordered.length - MAX_ROWS, 0), total }
}

import { formatQuantity } from '../format/number.ts'
import { formatDate, formatSecond } from '../time/format-time.ts'
import { useZone } from '../time/zone.ts'
import { type ChartData, completeSteps } from './chart-data.ts'
import classes from './chart-table.module.css'
import { type Picked, stepBounds } from './picked.ts'

interface ChartTableProps {
  readonly data: ChartData
  readonly heightPx: number
  readonly label: string
  readonly onPick?: (picked: Picked) => void
}

/** The same numbers as text, newest first: for who cannot see a chart, and to copy from. */
export function ChartTable({ data, heightPx, label, onPick }: ChartTableProps) {
  const zone = useZone()
  const complete = completeSteps(data)
  const steps = Array.from({ length: data.steps }, (_, index) => data.steps - 1 - index)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.scroll} style={{ height: heightPx }} tabIndex={0} aria-label={`${label}, as a table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            {data.series.map((series) => (
              <th key={series.key} scope="col">
                {series.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => {
            const startMs = data.fromMs + step * data.stepMs
            return (
              <tr key={startMs} data-running={step >= complete}>
                <th scope="row" title={formatDate(startMs, zone)}>
                  {onPick ? (
                    <button
                      type="button"
                      className={classes.pick}
                      title="Show the lines of this time"
                      onClick={() => onPick({ ...stepBounds(data, step), seriesKey: undefined })}
                    >
                      {formatSecond(startMs, zone)}
                    </button>
                  ) : (
                    formatSecond(startMs, zone)
                  )}
                </th>
                {data.series.map((series) => {
                  const value = series.values[step]
                  return (
                    <td key={series.key}>
                      {value === null || value === undefined ? '–' : formatQuantity(value, data.unit)}
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

import { useSyncExternalStore } from 'react'
import { formatQuantity } from '../format/number.ts'
import { formatDate, formatSecond } from '../time/format-time.ts'
import classes from './chart.module.css'
import { type ChartData, completeSteps, stepAt } from './chart-data.ts'
import { crosshair } from './crosshair.ts'
import { type Plot, type View, xOf } from './plot.ts'
import { Swatch } from './swatch.tsx'
import { tooltipRows } from './tooltip-rows.ts'

/** The values of the step under the pointer. It renders once a step, not once a pixel. */
export function ChartTooltip({ data, view, plot, zone }: { data: ChartData; view: View; plot: Plot; zone: string }) {
  const step = useSyncExternalStore(crosshair.subscribe, () => {
    const pointed = crosshair.get()
    return pointed === undefined ? undefined : stepAt(data, pointed.timeMs)
  })
  if (step === undefined) return null
  const startMs = data.fromMs + step * data.stepMs
  const { rows, more, total } = tooltipRows(data, step)
  const x = xOf(startMs + data.stepMs / 2, view, plot)
  const toTheLeft = x > plot.left + plot.width * 0.55
  const place = toTheLeft ? { right: view.widthPx - x + 12 } : { left: x + 12 }
  const running = step >= completeSteps(data)
  return (
    <div className={classes.tooltip} style={{ ...place, top: plot.top }}>
      <div className={classes.tooltipHead}>
        <span title={formatDate(startMs, zone)}>
          {formatSecond(startMs, zone)} – {formatSecond(startMs + data.stepMs, zone)}
        </span>
        {running && <span>running</span>}
      </div>
      {rows.map((row) => (
        <div key={row.key} className={classes.tooltipRow}>
          <Swatch colour={row.colour} shape={data.kind === 'bars' ? 'square' : 'line'} />
          <span className={classes.name}>{row.name}</span>
          <b>{formatQuantity(row.value, data.unit)}</b>
        </div>
      ))}
      {rows.length === 0 && <div className={classes.tooltipRow}>no data here</div>}
      {more > 0 && <div className={classes.tooltipRow}>and {more} more</div>}
      {total !== undefined && (
        <div className={`${classes.tooltipRow} ${classes.tooltipTotal}`}>
          <span>total</span>
          <b>{formatQuantity(total, data.unit)}</b>
        </div>
      )}
    </div>
  )
}

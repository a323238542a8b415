import { IconChartLine, IconTable } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { Failure } from '../api/failure.ts'
import { usePageTime } from '../app/page-time.ts'
import { Chart } from '../charts/chart.tsx'
import type { ChartData } from '../charts/chart-data.ts'
import { ChartLegend } from '../charts/chart-legend.tsx'
import type { Marks } from '../charts/chart-marks.tsx'
import { ChartTable } from '../charts/chart-table.tsx'
import { useHidden } from '../charts/hidden-series.ts'
import type { Picked } from '../charts/picked.ts'
import classes from './chart-panel.module.css'
import { CompleteTo } from './complete-to.tsx'
import { Panel, PanelEmpty, PanelFailure, PanelSkeleton } from './panel.tsx'

interface ChartPanelProps {
  readonly title: string
  readonly note?: ReactNode
  readonly controls?: ReactNode
  /** Undefined while there is no answer. */
  readonly data: ChartData | undefined
  readonly pending: boolean
  readonly failure: Failure | undefined
  readonly onRetry: () => void
  readonly heightPx: number
  /** After the series in the legend's row. */
  readonly legendExtra?: ReactNode
  readonly marks?: Marks
  /** Leads from a step to what lies behind it. */
  readonly onPick?: (picked: Picked) => void
  readonly emptyText?: string
  /** A line under the legend. */
  readonly below?: ReactNode
}

/** A chart with its header, legend, table twin, and every state it can be in, all of one height. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, note, controls, data, pending, failure, onRetry, heightPx, marks, onPick, below } = props
  const { range, zoom, zoomBack } = usePageTime()
  const { hidden, choose } = useHidden()
  const [asTable, setAsTable] = useState(false)
  const shown = useMemo(
    () =>
      data && (hidden.size === 0 ? data : { ...data, series: data.series.filter((series) => !hidden.has(series.key)) }),
    [data, hidden],
  )
  const hasValues = data?.series.some((series) => series.values.some((value) => value !== null)) ?? false
  const Toggle = asTable ? IconChartLine : IconTable
  const toggleLabel = asTable ? 'Show as a chart' : 'Show as a table'

  const content = () => {
    if (!shown) {
      return failure ? (
        <PanelFailure failure={failure} heightPx={heightPx} onRetry={onRetry} />
      ) : (
        <PanelSkeleton heightPx={heightPx} />
      )
    }
    if (!hasValues)
      return <PanelEmpty heightPx={heightPx}>{props.emptyText ?? 'Nothing in this time range.'}</PanelEmpty>
    if (asTable) return <ChartTable data={shown} heightPx={heightPx} label={title} {...(onPick ? { onPick } : {})} />
    return (
      <Chart
        data={shown}
        range={range}
        heightPx={heightPx}
        label={`${title}: chart`}
        onZoom={zoom}
        onZoomBack={zoomBack}
        {...(marks ? { marks } : {})}
        {...(onPick ? { onPick } : {})}
      />
    )
  }

  return (
    <Panel
      title={title}
      note={note}
      stale={pending && data !== undefined}
      below={below}
      aside={
        <>
          {controls}
          {data && failure && (
            <span className={classes.failed} title={failure.message}>
              update failed
            </span>
          )}
          {hasValues && (
            <button
              type="button"
              className={classes.toggle}
              aria-label={`${title}: ${toggleLabel}`}
              title={toggleLabel}
              onClick={() => setAsTable(!asTable)}
            >
              <Toggle size={14} stroke={1.6} aria-hidden="true" />
            </button>
          )}
          {data && <CompleteTo timeMs={data.completeToMs} />}
        </>
      }
      footer={
        shown && hasValues && data ? (
          <>
            <ChartLegend
              data={data}
              hidden={hidden}
              onChoose={(key, toggle) =>
                choose(
                  key,
                  data.series.map((series) => series.key),
                  toggle,
                )
              }
            />
            {props.legendExtra}
          </>
        ) : (
          <span />
        )
      }
    >
      {content()}
    </Panel>
  )
}

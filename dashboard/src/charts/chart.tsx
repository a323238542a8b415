import { useResizeObserver } from '@mantine/hooks'
import { useEffect, useId, useMemo, useRef } from 'react'
import { useNow } from '../live/use-now.ts'
import { useTokens } from '../theme/use-tokens.ts'
import type { Range } from '../time/range.ts'
import { boundsOf, spanOf } from '../time/range.ts'
import { useZone } from '../time/zone.ts'
import classes from './chart.module.css'
import type { ChartData } from './chart-data.ts'
import { ChartMarks, type Marks } from './chart-marks.tsx'
import { chartOption } from './chart-option.ts'
import { ChartPointer } from './chart-pointer.tsx'
import { drawQueue } from './draw-queue.ts'
import { type ECharts, init } from './echarts.ts'
import type { Picked } from './picked.ts'
import { plotOf, type View, valueAxisOf } from './plot.ts'

interface ChartProps {
  readonly data: ChartData
  readonly range: Range
  readonly heightPx: number
  /** What it shows, in words, for who cannot see it. */
  readonly label: string
  readonly marks?: Marks
  readonly onZoom: (fromMs: number, toMs: number) => void
  readonly onZoomBack: () => void
  /** A click on a step: absent where nothing lies behind it. */
  readonly onPick?: (picked: Picked) => void
}

/** The axis moves by about half a pixel at a time, at most once a second. */
function stepOf(range: Range): number {
  return 'lastMs' in range ? Math.min(Math.max(spanOf(range) / 1_200, 1_000), 60_000) : 3_600_000
}

/** A canvas drawn by ECharts with the crosshair, tooltip and marks as elements above it. */
export function Chart({ data, range, heightPx, label, marks, onZoom, onZoomBack, onPick }: ChartProps) {
  const id = useId()
  const zone = useZone()
  const tokens = useTokens()
  const nowMs = useNow(stepOf(range))
  const [hostRef, { width }] = useResizeObserver<HTMLDivElement>()
  const canvasRef = useRef<HTMLDivElement>(null)
  const chartRef = useRef<ECharts | undefined>(undefined)
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const view: View = useMemo(() => ({ fromMs, toMs, widthPx: width, heightPx }), [fromMs, toMs, width, heightPx])
  const withNotes = marks?.named === true
  const plot = useMemo(() => plotOf(view, data.unit, withNotes), [view, data.unit, withNotes])
  const axis = useMemo(() => valueAxisOf(data, plot.height), [data, plot.height])

  useEffect(() => {
    const chart = init(canvasRef.current, undefined, { renderer: 'canvas', width: 1, height: 1 })
    chartRef.current = chart
    return () => chart.dispose()
  }, [])

  useEffect(() => {
    if (width > 0) chartRef.current?.resize({ width, height: heightPx })
  }, [width, heightPx])

  // Bars and lines are told apart by their names, so an update moves what is drawn instead of making it anew.
  useEffect(() => {
    const chart = chartRef.current
    if (width === 0 || !chart) return
    return drawQueue.draw(chart, () =>
      chart.setOption(chartOption(data, view, plot, axis, tokens, zone), { replaceMerge: ['series'] }),
    )
  }, [data, view, plot, axis, tokens, zone, width])

  return (
    <div ref={hostRef} className={classes.host} style={{ height: heightPx }}>
      <div ref={canvasRef} className={classes.canvas} role="img" aria-label={label} />
      {width > 0 && (
        <ChartPointer
          id={id}
          data={data}
          view={view}
          plot={plot}
          axis={axis}
          zone={zone}
          onZoom={onZoom}
          onZoomBack={onZoomBack}
          {...(onPick ? { onPick } : {})}
        />
      )}
      {width > 0 && marks && <ChartMarks marks={marks} data={data} view={view} plot={plot} axis={axis} />}
    </div>
  )
}

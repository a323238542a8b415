import { type PointerEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import classes from './chart.module.css'
import type { ChartData } from './chart-data.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import { crosshair } from './crosshair.ts'
import { type Picked, pickAt } from './picked.ts'
import { type Plot, timeAt, type View, xOf } from './plot.ts'
import type { ValueAxis } from './value-axis.ts'

interface ChartPointerProps {
  readonly id: string
  readonly data: ChartData
  readonly view: View
  readonly plot: Plot
  readonly axis: ValueAxis
  readonly zone: string
  readonly onZoom: (fromMs: number, toMs: number) => void
  readonly onZoomBack: () => void
  readonly onPick?: (picked: Picked) => void
}

/** A shorter drag is a click. px */
const MIN_DRAG_PX = 5
/** A second click within it makes both a double click. ms */
const DOUBLE_CLICK_MS = 250

/**
 * Pointing shows the crosshair on every chart, dragging chooses a stretch of time, a click goes to the lines behind a
 * step, a double click back to the range before.
 */
export function ChartPointer(props: ChartPointerProps) {
  const { id, data, view, plot, axis, zone, onZoom, onZoomBack, onPick } = props
  const picking = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(picking.current), [])
  const lineRef = useRef<HTMLDivElement>(null)
  const selectionRef = useRef<HTMLDivElement>(null)
  const [dragFromPx, setDragFromPx] = useState<number | undefined>(undefined)
  const owner = useSyncExternalStore(crosshair.subscribe, () => crosshair.get()?.owner)

  useEffect(() => {
    const place = () => {
      const line = lineRef.current
      const pointed = crosshair.get()
      if (!line) return
      const inside = pointed && pointed.timeMs >= view.fromMs && pointed.timeMs <= view.toMs
      line.style.visibility = inside ? 'visible' : 'hidden'
      if (inside) line.style.left = `${Math.round(xOf(pointed.timeMs, view, plot))}px`
    }
    place()
    return crosshair.subscribe(place)
  }, [view, plot])

  useEffect(() => () => crosshair.leave(id), [id])

  const pixelOf = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left

  const drawSelection = (toPx: number | undefined) => {
    const selection = selectionRef.current
    if (!selection) return
    selection.style.visibility = toPx === undefined ? 'hidden' : 'visible'
    if (toPx === undefined || dragFromPx === undefined) return
    const clamp = (px: number) => Math.min(Math.max(px, plot.left), plot.left + plot.width)
    const [start, end] = [clamp(Math.min(dragFromPx, toPx)), clamp(Math.max(dragFromPx, toPx))]
    selection.style.left = `${start}px`
    selection.style.width = `${end - start}px`
  }

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same by keys is the range picker and the table twin */}
      <div
        className={classes.pointer}
        data-picks={onPick !== undefined}
        onPointerMove={(event) => {
          const px = pixelOf(event)
          crosshair.set({ timeMs: timeAt(px, view, plot), owner: id })
          if (dragFromPx !== undefined && Math.abs(px - dragFromPx) >= MIN_DRAG_PX) drawSelection(px)
        }}
        onPointerDown={(event) => {
          clearTimeout(picking.current)
          if (event.button !== 0 || event.pointerType === 'touch') return
          event.currentTarget.setPointerCapture(event.pointerId)
          setDragFromPx(pixelOf(event))
        }}
        onPointerUp={(event) => {
          const px = pixelOf(event)
          drawSelection(undefined)
          setDragFromPx(undefined)
          if (dragFromPx === undefined) return
          if (Math.abs(px - dragFromPx) < MIN_DRAG_PX) {
            const yPx = event.clientY - event.currentTarget.getBoundingClientRect().top
            const picked = onPick && pickAt(data, view, plot, axis, { xPx: px, yPx })
            if (picked) picking.current = setTimeout(() => onPick(picked), DOUBLE_CLICK_MS)
            return
          }
          onZoom(timeAt(dragFromPx, view, plot), timeAt(px, view, plot))
        }}
        onPointerCancel={() => {
          drawSelection(undefined)
          setDragFromPx(undefined)
        }}
        onPointerLeave={() => crosshair.leave(id)}
        onDoubleClick={() => {
          clearTimeout(picking.current)
          onZoomBack()
        }}
      />
      <div ref={lineRef} className={classes.line} style={{ top: plot.top, height: plot.height }} />
      <div ref={selectionRef} className={classes.selection} style={{ top: plot.top, height: plot.height }} />
      {owner === id && dragFromPx === undefined && <ChartTooltip data={data} view={view} plot={plot} zone={zone} />}
    </>
  )
}

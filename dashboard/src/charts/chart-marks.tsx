import { Popover } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Annotation, Anomaly } from '../api/answers.ts'
import classes from './chart.module.css'
import { type ChartData, stepAt } from './chart-data.ts'
import { type Plot, type View, xOf, yOf } from './plot.ts'
import type { ValueAxis } from './value-axis.ts'

export interface Marks {
  readonly annotations: readonly Annotation[]
  /** Their names stand above the plot; without, on hover only. */
  readonly named?: boolean
  readonly anomalies: readonly Anomaly[]
  /** Key of the series that anomalies sit on. */
  readonly anomalySeries?: string
  readonly anomalyCard?: (anomaly: Anomaly) => ReactNode
}

interface ChartMarksProps {
  readonly marks: Marks
  readonly data: ChartData
  readonly view: View
  readonly plot: Plot
  readonly axis: ValueAxis
}

/** Deploys as dashed verticals with their names above, anomalies as diamonds that say why. */
export function ChartMarks({ marks, data, view, plot, axis }: ChartMarksProps) {
  const inView = (timeMs: number) => timeMs >= view.fromMs && timeMs <= view.toMs
  const series = data.series.find((candidate) => candidate.key === marks.anomalySeries)
  return (
    <>
      {marks.annotations
        .filter((annotation) => inView(annotation.timeMs))
        .map((annotation) => {
          const x = Math.round(xOf(annotation.timeMs, view, plot))
          const nameX = Math.min(Math.max(x, 92), view.widthPx - 60)
          return (
            <div key={annotation.id}>
              <div className={classes.deploy} style={{ left: x, top: plot.top - 4, height: plot.height + 4 }} />
              {marks.named && (
                <div className={classes.deployName} style={{ left: nameX, top: plot.top - 20 }} title={annotation.text}>
                  {annotation.kind === 'deploy' && <IconRocket size={12} stroke={1.6} aria-hidden="true" />}
                  {annotation.text}
                </div>
              )}
            </div>
          )
        })}
      {marks.anomalies
        .filter((anomaly) => inView(anomaly.startMs))
        .map((anomaly) => {
          const timeMs = anomaly.startMs + anomaly.resolutionMs / 2
          const step = stepAt(data, timeMs)
          const onLine = step === undefined ? undefined : series?.values[step]
          return (
            <AnomalyMark
              key={anomaly.id}
              anomaly={anomaly}
              left={xOf(timeMs, view, plot)}
              top={yOf(onLine ?? anomaly.value, axis, plot)}
              card={marks.anomalyCard?.(anomaly)}
            />
          )
        })}
    </>
  )
}

/** Time to move the pointer from the diamond into its card. ms */
const CLOSE_DELAY_MS = 250

interface AnomalyMarkProps {
  readonly anomaly: Anomaly
  readonly left: number
  readonly top: number
  readonly card: ReactNode
}

function AnomalyMark({ anomaly, left, top, card }: AnomalyMarkProps) {
  const [opened, setOpened] = useState(false)
  const closing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(closing.current), [])
  const open = () => {
    clearTimeout(closing.current)
    setOpened(true)
  }
  const closeSoon = () => {
    clearTimeout(closing.current)
    closing.current = setTimeout(() => setOpened(false), CLOSE_DELAY_MS)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="left" offset={12} width={292} withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={classes.anomaly}
          data-severity={anomaly.severity}
          style={{ left, top }}
          aria-label={`Anomaly: ${anomaly.reason}`}
          aria-expanded={opened}
          onClick={open}
          onPointerEnter={open}
          onPointerLeave={closeSoon}
        />
      </Popover.Target>
      <Popover.Dropdown onPointerEnter={open} onPointerLeave={closeSoon}>
        {card}
      </Popover.Dropdown>
    </Popover>
  )
}

import { useEffect, useState } from 'react'
import { SparklineView } from '../../charts/sparkline-view.tsx'
import { durationQuantity } from '../../format/number.ts'
import { type LagSample, withSample } from '../../live/lag-history.ts'
import { useLive, useLiveStatus } from '../../live/live-context.tsx'
import { formatMoment } from '../../time/format-time.ts'
import { useZone } from '../../time/zone.ts'
import classes from './overview.module.css'
import { Tile } from './tile.tsx'

/** Past it the pipeline is behind, or no application logs. ms */
const LATE_MS = 60_000

export function LagTile({ phone }: { phone: boolean }) {
  const live = useLive()
  const zone = useZone()
  const { progress } = useLiveStatus()
  const [history, setHistory] = useState<readonly LagSample[]>([])
  useEffect(() => setHistory((before) => withSample(before, progress)), [progress])
  const completeToMs = progress?.completeToMs ?? null
  const lagMs = progress && completeToMs !== null ? Math.max(progress.nowMs - completeToMs, 0) : undefined
  const value = lagMs === undefined ? undefined : durationQuantity(lagMs)
  const text =
    completeToMs === null ? 'waiting for progress' : `complete to ${formatMoment(completeToMs, live.nowMs(), zone)}`
  const dot = <i className={classes.dot} data-late={lagMs === undefined || lagMs > LATE_MS} aria-hidden="true" />
  if (phone) {
    return (
      <section className={classes.lagRow} aria-label="Pipeline lag">
        {dot}
        <span>Pipeline lag</span>
        <b>{value ? `${value.value} ${value.unit}` : '–'}</b>
        <span>{text}</span>
      </section>
    )
  }
  return (
    <Tile
      name="Pipeline lag"
      value={value}
      note={
        <>
          {dot}
          <span title={text}>
            {completeToMs === null ? (
              text
            ) : (
              <>
                <span className={classes.longText}>complete </span>
                {text.replace('complete ', '')}
              </>
            )}
          </span>
        </>
      }
      figure={
        history.length > 2 && (
          <SparklineView
            label="Pipeline lag since the page was opened"
            values={history.map((sample) => sample.lagMs)}
            tone="accent"
          />
        )
      }
    />
  )
}

import { useLive } from '../live/live-context.tsx'
import { formatExact, formatMoment } from '../time/format-time.ts'
import { useZone } from '../time/zone.ts'
import classes from './complete-to.module.css'

/** How far the data is complete: windows that end later may still grow. */
export function CompleteTo({ timeMs }: { timeMs: number | null }) {
  const zone = useZone()
  const live = useLive()
  if (timeMs === null) return null
  return (
    <span className={classes.complete} title={`Complete to ${formatExact(timeMs, zone)}`}>
      complete to {formatMoment(timeMs, live.nowMs(), zone)}
    </span>
  )
}

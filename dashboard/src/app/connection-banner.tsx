import { IconPlugConnectedX } from '@tabler/icons-react'
import { useLive, useLiveStatus } from '../live/live-context.tsx'
import { useNow } from '../live/use-now.ts'
import { formatAgo } from '../time/format-time.ts'
import classes from './connection-banner.module.css'

/** Says that what is shown grows old, how old it is, and that it mends itself. */
export function ConnectionBanner() {
  const { connection } = useLiveStatus()
  return connection === 'lost' ? <LostBanner /> : null
}

function LostBanner() {
  const live = useLive()
  const { heardAtMs, skewMs } = useLiveStatus()
  const nowMs = useNow(1_000)
  return (
    <div className={classes.banner} role="status">
      <IconPlugConnectedX size={16} stroke={1.6} aria-hidden="true" />
      <span>
        <b>The live connection is lost.</b>{' '}
        {heardAtMs === undefined
          ? 'Nothing has come yet.'
          : `What you see was heard ${formatAgo(heardAtMs + skewMs, nowMs)}.`}{' '}
        Trying again by itself; check that Weir is running.
      </span>
      <button type="button" onClick={() => live.reconnect()}>
        Try now
      </button>
    </div>
  )
}

import { useLiveStatus } from '../live/live-context.tsx'
import classes from './live-switch.module.css'
import { usePageTime } from './page-time.ts'

/** Whether answers change by themselves as logs arrive. */
export function LiveSwitch({ phone }: { phone: boolean }) {
  const { live, setLive } = usePageTime()
  const { connection } = useLiveStatus()
  return (
    <button
      type="button"
      role="switch"
      aria-checked={live}
      className={phone ? classes.pill : classes.switch}
      data-lost={connection === 'lost'}
      title={live ? 'Charts and lines follow the stream (l)' : 'Paused: nothing moves (l)'}
      onClick={() => setLive(!live)}
    >
      <i aria-hidden="true" />
      Live
    </button>
  )
}

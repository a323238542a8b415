import { WeirMark } from '../app/weir-mark.tsx'
import { SendLogs } from './send-logs.tsx'
import classes from './start.module.css'

/** Before the first line. It gives way to the page by itself, since the page's queries are being watched meanwhile. */
export function FirstLogs() {
  return (
    <div className={classes.first}>
      <WeirMark sizePx={40} />
      <h2>No logs yet</h2>
      <p>Send a first line, and this page fills by itself within two seconds.</p>
      <div className={classes.box}>
        <SendLogs />
      </div>
      <p className={classes.waiting} role="status">
        <i aria-hidden="true" /> Waiting for the first line
      </p>
    </div>
  )
}

import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Failure } from '../api/failure.ts'
import classes from './panel.module.css'

interface PanelProps {
  readonly title: string
  /** Beside the title: what and how it is measured. */
  readonly note?: ReactNode
  /** At the right of the header. */
  readonly aside?: ReactNode
  readonly footer?: ReactNode
  /** After the footer. */
  readonly below?: ReactNode
  /** What is shown is of another range, while the new one is on its way. */
  readonly stale?: boolean
  readonly children: ReactNode
}

export function Panel({ title, note, aside, footer, below, stale = false, children }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title} aria-busy={stale}>
      <header className={classes.header}>
        <h2>{title}</h2>
        {note && <div className={classes.note}>{note}</div>}
        {aside && <div className={classes.aside}>{aside}</div>}
      </header>
      <div className={classes.body} data-stale={stale}>
        {children}
      </div>
      {footer && <footer className={classes.footer}>{footer}</footer>}
      {below}
    </section>
  )
}

/** Holds the room of what is to come. */
export function PanelSkeleton({ heightPx }: { heightPx: number }) {
  return <div className={classes.skeleton} style={{ height: heightPx }} role="status" aria-label="Loading" />
}

/** What failed, why, and the next step; the panels around it stand. */
export function PanelFailure({
  failure,
  heightPx,
  onRetry,
}: {
  failure: Failure
  heightPx: number
  onRetry: () => void
}) {
  return (
    <div className={classes.failure} style={{ minHeight: heightPx }} role="alert">
      <IconAlertTriangle size={16} stroke={1.6} aria-hidden="true" />
      <div>
        <p>{failure.message}</p>
        <small className="mono">{failure.code}</small>
      </div>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

export function PanelEmpty({ heightPx, children }: { heightPx: number; children: ReactNode }) {
  return (
    <div className={classes.empty} style={{ height: heightPx }}>
      <p>{children}</p>
    </div>
  )
}

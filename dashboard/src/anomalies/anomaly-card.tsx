import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Anomaly } from '../api/answers.ts'
import { formatSecond } from '../time/format-time.ts'
import { useZone } from '../time/zone.ts'
import classes from './anomaly-card.module.css'
import { deviationText, gaugeOf } from './expectation.ts'
import { linesOf } from './lines-of.ts'

/** One sentence, what was expected beside what was seen, and one link to the lines. */
export function AnomalyCard({ anomaly }: { anomaly: Anomaly }) {
  const zone = useZone()
  return (
    <div className={classes.card} data-severity={anomaly.severity}>
      <div className={classes.head}>
        <b>Anomaly</b>
        <span>
          {formatSecond(anomaly.startMs, zone)} · {deviationText(anomaly)}
        </span>
      </div>
      <p>{anomaly.reason}</p>
      <ExpectationBar anomaly={anomaly} />
      <Link {...linesOf(anomaly)} className={classes.link}>
        Show its lines <IconArrowRight size={13} stroke={1.6} aria-hidden="true" />
      </Link>
    </div>
  )
}

/** The expected stretch, and the value as a mark, on one scale from zero. */
export function ExpectationBar({ anomaly }: { anomaly: Anomaly }) {
  const { low, high, value } = gaugeOf(anomaly)
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`
  return (
    <div className={classes.bar} data-severity={anomaly.severity} aria-hidden="true">
      <i className={classes.seen} style={{ width: percent(value) }} />
      <i className={classes.expected} style={{ left: percent(low), width: percent(Math.max(high - low, 0.015)) }} />
    </div>
  )
}

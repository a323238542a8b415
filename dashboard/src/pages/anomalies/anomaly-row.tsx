import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { ExpectationBar } from '../../anomalies/anomaly-card.tsx'
import { deviationText, expectedText, unitOf } from '../../anomalies/expectation.ts'
import { chartsOf, linesOf } from '../../anomalies/lines-of.ts'
import type { Anomaly } from '../../api/answers.ts'
import { Swatch } from '../../charts/swatch.tsx'
import { formatQuantity } from '../../format/number.ts'
import { useLive } from '../../live/live-context.tsx'
import { seriesVariable } from '../../theme/series-colour.ts'
import { formatExact, formatMoment } from '../../time/format-time.ts'
import { useZone } from '../../time/zone.ts'
import classes from './anomalies-page.module.css'
import { metricName, subjectOf } from './select-anomalies.ts'

export function AnomalyRow({ anomaly }: { anomaly: Anomaly }) {
  const zone = useZone()
  const live = useLive()
  const { service } = anomaly.labels
  const subject = subjectOf(anomaly.labels)
  return (
    <li className={classes.row} data-severity={anomaly.severity}>
      <time title={formatExact(anomaly.startMs, zone)}>{formatMoment(anomaly.startMs, live.nowMs(), zone)}</time>
      <span className={classes.severity}>
        <i aria-hidden="true" />
        {anomaly.severity}
      </span>
      <div className={classes.sentence}>
        <Link {...chartsOf(anomaly)} title="Show the charts around it">
          {anomaly.reason}
        </Link>
        <p>
          {metricName(anomaly.metric)}
          {service && (
            <span className={classes.service}>
              <Swatch colour={seriesVariable(service)} /> {service}
            </span>
          )}
          {subject && <span className="mono">{subject}</span>}
          <span>by {anomaly.detector}</span>
        </p>
      </div>
      <div className={classes.seen}>
        <div>
          <b>{formatQuantity(anomaly.value, unitOf(anomaly))}</b> {deviationText(anomaly)}
        </div>
        <ExpectationBar anomaly={anomaly} />
        <small>expected {expectedText(anomaly)}</small>
      </div>
      <Link {...linesOf(anomaly)} className={classes.lines}>
        Its lines <IconArrowRight size={13} stroke={1.6} aria-hidden="true" />
      </Link>
    </li>
  )
}

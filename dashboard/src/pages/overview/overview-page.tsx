import { useMediaQuery } from '@mantine/hooks'
import { PHONE_QUERY, TALL_QUERY } from '../../app/media.ts'
import { usePageTime } from '../../app/page-time.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { FirstLogs } from '../../start/first-logs.tsx'
import { ErrorRatePanel } from './error-rate-panel.tsx'
import { EventRatePanel } from './event-rate-panel.tsx'
import { LatencyPanel } from './latency-panel.tsx'
import { NewestPanel } from './newest-panel.tsx'
import classes from './overview.module.css'
import { eventsQuestion } from './questions.ts'
import { RoutesPanel } from './routes-panel.tsx'
import { OverviewTiles } from './tiles-row.tsx'

/** Three steps down: five numbers, what changed, the lines. */
export function OverviewPage() {
  const { range } = usePageTime()
  const phone = useMediaQuery(PHONE_QUERY, undefined, { getInitialValueInEffect: false })
  const tall = useMediaQuery(TALL_QUERY, undefined, { getInitialValueInEffect: false })
  const { answer } = useAnswer(eventsQuestion(range))
  if (answer?.completeToMs === null && answer.groups.length === 0) return <FirstLogs />
  return (
    <div className={classes.page}>
      <OverviewTiles phone={phone} />
      <EventRatePanel heightPx={phone ? 124 : tall ? 300 : 200} phone={phone} />
      <LatencyPanel heightPx={phone ? 150 : tall ? 300 : 200} phone={phone} />
      <ErrorRatePanel heightPx={phone ? 124 : tall ? 239 : 161} />
      <RoutesPanel tall={tall} phone={phone} />
      <NewestPanel tall={tall} phone={phone} />
    </div>
  )
}

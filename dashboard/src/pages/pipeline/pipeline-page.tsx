import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { getPipeline } from '../../api/client.ts'
import { failureFrom } from '../../api/failure.ts'
import { usePageTime } from '../../app/page-time.ts'
import { useLiveStatus } from '../../live/live-context.tsx'
import { useAnswer } from '../../live/use-answer.ts'
import { CompleteTo } from '../../panels/complete-to.tsx'
import { Panel, PanelFailure, PanelSkeleton } from '../../panels/panel.tsx'
import { SendLogs } from '../../start/send-logs.tsx'
import { eventsQuestion } from '../overview/questions.ts'
import classes from './pipeline-page.module.css'
import { RolesTable } from './roles-table.tsx'
import { StagesTable } from './stages-table.tsx'
import { TotalsBalance } from './totals-balance.tsx'

const TOTALS_PX = 96
const TABLE_PX = 130

/** Where every record is: taken in, on its way, stored, or set aside with its reason. */
export function PipelinePage() {
  const { range } = usePageTime()
  const { progress } = useLiveStatus()
  // Watched so that the stream is open here too: its marks of progress say when there is something new to ask for.
  useAnswer(eventsQuestion(range))
  const { data, error, refetch } = useQuery({ queryKey: ['pipeline'], queryFn: getPipeline })
  useEffect(() => {
    if (progress) void refetch()
  }, [progress, refetch])

  if (!data) {
    const failure = error ? failureFrom(error) : undefined
    return (
      <Panel title="Pipeline">
        {failure ? (
          <PanelFailure failure={failure} heightPx={TOTALS_PX} onRetry={() => void refetch()} />
        ) : (
          <PanelSkeleton heightPx={TOTALS_PX} />
        )}
      </Panel>
    )
  }
  return (
    <div className={classes.page}>
      <div className={classes.full}>
        <Panel
          title="Every record"
          note="since the data directory began"
          stale={error !== null}
          aside={<CompleteTo timeMs={data.completeToMs} />}
        >
          <TotalsBalance totals={data.totals} lagMs={data.lagMs} />
        </Panel>
      </div>
      <div className={classes.left}>
        <Panel title="Stages" note="records read, not yet done">
          <StagesTable stages={data.stages} minHeightPx={TABLE_PX} />
        </Panel>
      </div>
      <div className={classes.right}>
        <Panel title="Roles">
          <RolesTable roles={data.roles} minHeightPx={TABLE_PX} />
        </Panel>
      </div>
      <div className={classes.full}>
        <Panel title="Send your own logs">
          <div className={classes.send}>
            <SendLogs />
          </div>
        </Panel>
      </div>
    </div>
  )
}

import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useChangeSearch } from '../../app/change-search.ts'
import { usePageTime } from '../../app/page-time.ts'
import type { AnomaliesParams } from '../../app/search-params.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { Panel, PanelEmpty, PanelFailure, PanelSkeleton } from '../../panels/panel.tsx'
import { Segments } from '../../panels/segments.tsx'
import classes from './anomalies-page.module.css'
import { AnomalyRow } from './anomaly-row.tsx'
import { metricName, selectAnomalies } from './select-anomalies.ts'

const LEVELS = [
  { value: 'all', name: 'All' },
  { value: 'error', name: 'Errors only' },
] as const

const ALL = 'all'
const BODY_PX = 320

/** What was not expected, newest first, each in one sentence with the way to its lines and charts. */
export function AnomaliesPage() {
  const { range } = usePageTime()
  const { of, level, at } = useSearch({ strict: false }) as AnomaliesParams
  const changeSearch = useChangeSearch()
  const { answer, pending, failure, retry } = useAnswer({ type: 'anomalies', range, limit: 500 })
  const shown = useMemo(() => answer && selectAnomalies(answer.anomalies, of, level, at), [answer, of, level, at])
  const metrics = useMemo(() => [...new Set(answer?.anomalies.map((anomaly) => anomaly.metric))].toSorted(), [answer])
  const services = useMemo(
    () => [...new Set(answer?.anomalies.flatMap(({ labels }) => (labels.service ? [labels.service] : [])))].toSorted(),
    [answer],
  )
  const content = () => {
    if (!shown) {
      return failure ? (
        <PanelFailure failure={failure} heightPx={BODY_PX} onRetry={retry} />
      ) : (
        <PanelSkeleton heightPx={BODY_PX} />
      )
    }
    if (shown.length === 0) {
      return (
        <PanelEmpty heightPx={BODY_PX}>
          {answer?.anomalies.length === 0
            ? 'Everything in this time range was as expected.'
            : 'None fits these filters; others lie in this time range.'}
        </PanelEmpty>
      )
    }
    return (
      <ol className={classes.list}>
        {shown.map((anomaly) => (
          <AnomalyRow key={anomaly.id} anomaly={anomaly} />
        ))}
      </ol>
    )
  }
  return (
    <div className={classes.page}>
      <Panel
        title="Anomalies"
        note={shown && `${shown.length} in this time range, newest first`}
        stale={pending && answer !== undefined}
        aside={
          <div className={classes.filters}>
            {(services.length > 1 || at !== undefined) && (
              <select
                className={classes.choice}
                aria-label="Service"
                value={at ?? ''}
                onChange={(event) => changeSearch({ at: event.currentTarget.value || undefined })}
              >
                <option value="">All services</option>
                {[...new Set([...services, ...(at === undefined ? [] : [at])])].map((service) => (
                  <option key={service} value={service}>
                    {service}
                  </option>
                ))}
              </select>
            )}
            {metrics.length > 1 && (
              <Segments
                label="Metric"
                value={of ?? ALL}
                options={[
                  { value: ALL, name: 'All metrics' },
                  ...metrics.map((metric) => ({ value: metric, name: metricName(metric) })),
                ]}
                onChange={(value) => changeSearch({ of: value === ALL ? undefined : value })}
              />
            )}
            <Segments
              label="Severity"
              value={level ?? ALL}
              options={LEVELS}
              onChange={(value) => changeSearch({ level: value === 'error' ? 'error' : undefined })}
            />
          </div>
        }
      >
        {content()}
      </Panel>
    </div>
  )
}

import { Menu } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { AnomalyCard } from '../../anomalies/anomaly-card.tsx'
import { linesOf } from '../../anomalies/lines-of.ts'
import { useChangeSearch } from '../../app/change-search.ts'
import { usePageTime } from '../../app/page-time.ts'
import type { OverviewParams } from '../../app/search-params.ts'
import type { Marks } from '../../charts/chart-marks.tsx'
import { Swatch } from '../../charts/swatch.tsx'
import { durationQuantity } from '../../format/number.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { ChartPanel } from '../../panels/chart-panel.tsx'
import { seriesVariable } from '../../theme/series-colour.ts'
import { useTokens } from '../../theme/use-tokens.ts'
import { spanOf } from '../../time/range.ts'
import { DURATION, latencyData, servicesByRequests, serviceToShow, usualNow } from './latency.ts'
import { serviceFilter, useShowLines } from './lines-behind.ts'
import classes from './overview.module.css'
import { annotationsQuestion, anomaliesQuestion, latencyQuestion, requestsQuestion } from './questions.ts'

/** The service chosen, or one chosen for a first look, which then stays: a chart must not change its subject by itself. */
function useService(): { service: string | undefined; services: string[] } {
  const { range } = usePageTime()
  const { latency } = useSearch({ strict: false }) as OverviewParams
  const requests = useAnswer(requestsQuestion(range)).answer
  const anomalies = useAnswer(anomaliesQuestion(range)).answer
  const first = useRef<string | undefined>(undefined)
  if (first.current === undefined && requests && anomalies) first.current = serviceToShow(anomalies.anomalies, requests)
  return { service: latency ?? first.current, services: servicesByRequests(requests) }
}

export function LatencyPanel({ heightPx, phone }: { heightPx: number; phone: boolean }) {
  const { range } = usePageTime()
  const showLines = useShowLines()
  const tokens = useTokens()
  const { service, services } = useService()
  const { answer, pending, failure, retry } = useAnswer(latencyQuestion(range, service))
  const annotations = useAnswer(annotationsQuestion(range)).answer?.annotations
  const allAnomalies = useAnswer(anomaliesQuestion(range)).answer?.anomalies
  const spanMs = spanOf(range)
  const data = useMemo(() => answer && latencyData(answer, spanMs, tokens), [answer, spanMs, tokens])
  const anomalies = useMemo(
    () => (allAnomalies ?? []).filter((anomaly) => anomaly.metric === DURATION && anomaly.labels.service === service),
    [allAnomalies, service],
  )
  const marks: Marks = useMemo(
    () => ({
      annotations: annotations ?? [],
      named: true,
      anomalies,
      anomalySeries: 'p95',
      anomalyCard: (anomaly) => <AnomalyCard anomaly={anomaly} />,
    }),
    [annotations, anomalies],
  )
  const usual = data && usualNow(data)
  const newest = anomalies[0]
  return (
    <div className={classes.right}>
      <ChartPanel
        title="Latency"
        note={
          <>
            {service !== undefined && <ServiceChoice service={service} services={services} />}
            log scale
          </>
        }
        data={data}
        pending={pending}
        failure={failure}
        onRetry={retry}
        heightPx={heightPx}
        marks={marks}
        onPick={(picked) => showLines(picked, serviceFilter(service))}
        emptyText="No request durations in this time range."
        legendExtra={
          <>
            {usual && (
              <span className={classes.bandKey}>
                <Swatch colour="" shape="band" />
                {phone ? 'usual' : 'p95 usual'}
                {!phone && (
                  <b>
                    {durationQuantity(usual.low).value}–{durationQuantity(usual.high).value}{' '}
                    {durationQuantity(usual.high).unit}
                  </b>
                )}
              </span>
            )}
            {!phone && anomalies.length > 0 && (
              <span className={`${classes.bandKey} ${classes.total}`}>
                <i className={classes.diamond} data-severity={newest?.severity} aria-hidden="true" />
                <b>{anomalies.length}</b> {anomalies.length === 1 ? 'anomaly' : 'anomalies'}
              </span>
            )}
          </>
        }
        below={
          phone &&
          newest && (
            <Link {...linesOf(newest)} className={classes.anomalyLine}>
              <i className={classes.diamond} data-severity={newest.severity} aria-hidden="true" />
              <span style={{ flex: 1 }}>{newest.reason}</span>
              <IconChevronRight size={14} stroke={1.6} aria-hidden="true" />
            </Link>
          )
        }
      />
    </div>
  )
}

function ServiceChoice({ service, services }: { service: string; services: readonly string[] }) {
  const changeSearch = useChangeSearch()
  return (
    <Menu position="bottom-start" offset={4}>
      <Menu.Target>
        <button type="button" className={classes.service} aria-label={`Service: ${service}`}>
          <Swatch colour={seriesVariable(service)} />
          {service}
          <IconChevronDown size={12} stroke={1.6} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {services.map((name) => (
          <Menu.Item key={name} onClick={() => changeSearch({ latency: name })}>
            <span className={classes.menuItem}>
              <Swatch colour={seriesVariable(name)} />
              {name}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

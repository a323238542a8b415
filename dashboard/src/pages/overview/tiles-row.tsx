import { Link } from '@tanstack/react-router'
import { usePageTime } from '../../app/page-time.ts'
import { columnOf, sumColumns } from '../../charts/chart-data.ts'
import { SparklineView } from '../../charts/sparkline-view.tsx'
import { durationQuantity, formatChange, formatNumber, formatQuantity, formatTimes } from '../../format/number.ts'
import { useLive } from '../../live/live-context.tsx'
import { useAnswer } from '../../live/use-answer.ts'
import { boundsOf, type Range, spanOf } from '../../time/range.ts'
import { overallErrorShare } from './error-rate.ts'
import { LagTile } from './lag-tile.tsx'
import classes from './overview.module.css'
import { comparePeriods, periodOf } from './period.ts'
import { anomaliesQuestion, eventsQuestion, latencyQuestion, requestsQuestion } from './questions.ts'
import { Tile } from './tile.tsx'
import { anomalyPlaces, besideUsual, severitySummary, type Usual } from './tiles.ts'

/** A share of errors below it is not shown as wrong, whatever is usual. Per cent */
const MIN_WRONG_PERCENT = 1
/** Nor a latency below it. ms */
const MIN_WRONG_MS = 50

export function OverviewTiles({ phone }: { phone: boolean }) {
  const { range } = usePageTime()
  return (
    <div className={classes.tiles}>
      <EventsTile range={range} />
      <ErrorsTile range={range} />
      <LatencyTile range={range} />
      <AnomaliesTile range={range} />
      <LagTile phone={phone} />
    </div>
  )
}

function EventsTile({ range }: { range: Range }) {
  const { answer } = useAnswer(eventsQuestion(range))
  const spanMs = spanOf(range)
  if (!answer) return <Tile name="Events" value={undefined} note="" loading />
  const period = periodOf(answer, spanMs)
  const counts = sumColumns(
    answer.groups.map((group) => columnOf(answer, group, 'count')),
    answer.steps,
  )
  const perSecond = counts.map((count) => (count === null ? null : count / (answer.stepMs / 1000)))
  const last = perSecond.slice(0, period.completeSteps).findLast((value) => value !== null) ?? 0
  const { now, before } = comparePeriods(counts, period)
  const change = before === undefined ? undefined : formatChange(now, before)
  return (
    <Tile
      name="Events"
      value={{ value: formatNumber(last), unit: '/s' }}
      note={
        change ? (
          <>
            <b>{change}</b> vs {formatQuantity(spanMs, 'ms')} earlier
          </>
        ) : (
          `none ${formatQuantity(spanMs, 'ms')} earlier`
        )
      }
      figure={
        <SparklineView
          label="Events over the time range"
          values={perSecond.slice(period.firstStep, period.completeSteps)}
          tone="neutral"
        />
      }
    />
  )
}

/** ▲ 12× usual 0.22 %, or just what is usual. */
function UsualNote({ usual, unit }: { usual: Usual; unit: string }) {
  if (usual.usual === undefined || usual.value === undefined) return 'nothing to compare'
  const text = `usual ${formatQuantity(usual.usual, unit)}`
  if (!usual.wrong || usual.usual === 0) return text
  return (
    <>
      <span className={classes.wrong}>▲ {formatTimes(usual.value, usual.usual)}</span> {text}
    </>
  )
}

function ErrorsTile({ range }: { range: Range }) {
  const requests = useAnswer(requestsQuestion(range)).answer
  const events = useAnswer(eventsQuestion(range)).answer
  if (!requests || !events) return <Tile name="Error rate" value={undefined} note="" loading />
  const { basis, answer, percent } = overallErrorShare(requests, events)
  const period = periodOf(answer, spanOf(range))
  const usual = besideUsual(percent, period, 3, MIN_WRONG_PERCENT)
  return (
    <Tile
      name="Error rate"
      of={`of ${basis}`}
      value={usual.value === undefined ? undefined : { value: formatNumber(usual.value), unit: '%' }}
      wrong={usual.wrong}
      note={<UsualNote usual={usual} unit="%" />}
      figure={
        <SparklineView
          label="Error rate over the time range"
          values={percent.slice(period.firstStep, period.completeSteps)}
          tone={usual.wrong ? 'error' : 'neutral'}
        />
      }
    />
  )
}

function LatencyTile({ range }: { range: Range }) {
  const { answer } = useAnswer(latencyQuestion(range, undefined))
  if (!answer) return <Tile name="p95 latency" value={undefined} note="" loading />
  const group = answer.groups[0]
  if (!group) return <Tile name="p95 latency" value={undefined} note="no durations logged" />
  const period = periodOf(answer, spanOf(range))
  const p95 = columnOf(answer, group, 'p95')
  const usual = besideUsual(p95, period, 2, MIN_WRONG_MS)
  return (
    <Tile
      name="p95 latency"
      of="all requests"
      value={usual.value === undefined ? undefined : durationQuantity(usual.value)}
      wrong={usual.wrong}
      note={<UsualNote usual={usual} unit="ms" />}
      figure={
        <SparklineView
          label="p95 latency over the time range"
          values={p95.slice(period.firstStep, period.completeSteps)}
          tone={usual.wrong ? 'error' : 'neutral'}
        />
      }
    />
  )
}

function AnomaliesTile({ range }: { range: Range }) {
  const live = useLive()
  const { answer } = useAnswer(anomaliesQuestion(range))
  if (!answer) return <Tile name="Anomalies" value={undefined} note="" loading />
  const { error, warn } = severitySummary(answer.anomalies)
  const { fromMs, toMs } = boundsOf(range, live.nowMs())
  const places = anomalyPlaces(answer.anomalies, fromMs, toMs)
  return (
    <Tile
      name="Anomalies"
      of="in range"
      value={{ value: formatNumber(answer.anomalies.length), unit: '' }}
      note={
        answer.anomalies.length === 0 ? (
          'all as expected'
        ) : (
          <Link to="/anomalies">
            {error > 0 && <span className={classes.wrong}>{error} error</span>}
            {error > 0 && warn > 0 && ' · '}
            {warn > 0 && <span className={classes.warn}>{warn} warn</span>}
          </Link>
        )
      }
      figure={
        <div className={classes.strips} aria-hidden="true">
          {(['error', 'warn'] as const).map((severity) => (
            <div key={severity} className={classes.strip} data-severity={severity}>
              {places
                .filter((place) => place.severity === severity)
                .map((place) => (
                  <i key={place.id} style={{ left: `${4 + place.position * 92}%` }} />
                ))}
            </div>
          ))}
        </div>
      }
    />
  )
}

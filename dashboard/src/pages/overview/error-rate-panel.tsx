import { useMemo } from 'react'
import { usePageTime } from '../../app/page-time.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { ChartPanel } from '../../panels/chart-panel.tsx'
import { useTokens } from '../../theme/use-tokens.ts'
import { spanOf } from '../../time/range.ts'
import { errorRateData } from './error-rate.ts'
import { serviceFilter, useShowLines } from './lines-behind.ts'
import classes from './overview.module.css'
import { annotationsQuestion, eventsQuestion, requestsQuestion } from './questions.ts'

export function ErrorRatePanel({ heightPx }: { heightPx: number }) {
  const { range } = usePageTime()
  const showLines = useShowLines()
  const tokens = useTokens()
  const requests = useAnswer(requestsQuestion(range))
  const events = useAnswer(eventsQuestion(range))
  const annotations = useAnswer(annotationsQuestion(range)).answer?.annotations
  const spanMs = spanOf(range)
  const shown = useMemo(
    () => requests.answer && events.answer && errorRateData(requests.answer, events.answer, spanMs, tokens),
    [requests.answer, events.answer, spanMs, tokens],
  )
  const marks = useMemo(() => ({ annotations: annotations ?? [], anomalies: [] }), [annotations])
  const of = shown ? [...shown.bases].toSorted().toReversed().join(' or ') : 'requests'
  return (
    <div className={classes.left}>
      <ChartPanel
        title="Error rate"
        note={`by service, % of ${of || 'requests'}`}
        data={shown?.data}
        pending={requests.pending || events.pending}
        failure={requests.failure ?? events.failure}
        onRetry={() => {
          requests.retry()
          events.retry()
        }}
        heightPx={heightPx}
        marks={marks}
        onPick={(picked) => showLines(picked, { ...serviceFilter(picked.seriesKey), severity: 'error' })}
      />
    </div>
  )
}

import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useChangeSearch } from '../../app/change-search.ts'
import { usePageTime } from '../../app/page-time.ts'
import type { OverviewParams } from '../../app/search-params.ts'
import { lastValue } from '../../charts/chart-data.ts'
import { formatQuantity } from '../../format/number.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { ChartPanel } from '../../panels/chart-panel.tsx'
import { Segments } from '../../panels/segments.tsx'
import { useTokens } from '../../theme/use-tokens.ts'
import { spanOf } from '../../time/range.ts'
import { eventRateData } from './event-rate.ts'
import { eventFilter, useShowLines } from './lines-behind.ts'
import classes from './overview.module.css'
import { annotationsQuestion, eventsQuestion } from './questions.ts'

const SPLITS = [
  { value: 'severity', name: 'Severity' },
  { value: 'service', name: 'Service' },
] as const

export function EventRatePanel({ heightPx, phone }: { heightPx: number; phone: boolean }) {
  const { range } = usePageTime()
  const { by = 'severity' } = useSearch({ strict: false }) as OverviewParams
  const changeSearch = useChangeSearch()
  const showLines = useShowLines()
  const tokens = useTokens()
  const { answer, pending, failure, retry } = useAnswer(eventsQuestion(range))
  const annotations = useAnswer(annotationsQuestion(range)).answer?.annotations
  const spanMs = spanOf(range)
  const data = useMemo(() => answer && eventRateData(answer, spanMs, by, tokens), [answer, spanMs, by, tokens])
  const marks = useMemo(() => ({ annotations: annotations ?? [], anomalies: [] }), [annotations])
  const total = data?.series.reduce((sum, series) => sum + (lastValue(data, series) ?? 0), 0)
  return (
    <div className={classes.left}>
      <ChartPanel
        title="Event rate"
        note="per second"
        data={data}
        pending={pending}
        failure={failure}
        onRetry={retry}
        heightPx={heightPx}
        marks={marks}
        onPick={(picked) => showLines(picked, eventFilter(by, picked.seriesKey))}
        controls={
          <Segments
            label="Split by"
            value={by}
            options={SPLITS}
            onChange={(value) => changeSearch({ by: value === 'service' ? value : undefined })}
          />
        }
        legendExtra={
          !phone &&
          total !== undefined && (
            <span className={classes.total}>
              total <b>{formatQuantity(total, '/s')}</b>
            </span>
          )
        }
      />
    </div>
  )
}

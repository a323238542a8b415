import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import type { MinSeverity } from '../../api/answers.ts'
import { getLogLine } from '../../api/client.ts'
import { useChangeSearch } from '../../app/change-search.ts'
import { PHONE_QUERY } from '../../app/media.ts'
import { usePageTime } from '../../app/page-time.ts'
import { type LogsParams, MIN_SEVERITIES } from '../../app/search-params.ts'
import { Sheet } from '../../app/sheet.tsx'
import { formatInteger, formatNumber } from '../../format/number.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { toneOf } from '../../logs/severity.ts'
import { searchTerms } from '../../logs/split-message.ts'
import { ChartPanel } from '../../panels/chart-panel.tsx'
import { FirstLogs } from '../../start/first-logs.tsx'
import { seriesVariable } from '../../theme/series-colour.ts'
import { useTokens } from '../../theme/use-tokens.ts'
import { FacetList } from './facet-list.tsx'
import { facets, filtered, totalOf } from './facets.ts'
import { histogramData } from './histogram.ts'
import { LineTable } from './line-table.tsx'
import classes from './logs-page.module.css'
import { QueryBar } from './query-bar.tsx'
import { countsQuestion, linesQuestion, passesSeverity } from './questions.ts'
import { useLines } from './use-lines.ts'

const ROW_PX = 24
const PHONE_ROW_PX = 48

/** Search first, its shape over time, and the lines. */
export function LogsPage() {
  const { range } = usePageTime()
  const search = useSearch({ strict: false })
  const { q, services, severity, line } = search as LogsParams
  const params: LogsParams = useMemo(
    () => ({
      ...(q ? { q } : {}),
      ...(services ? { services } : {}),
      ...(severity ? { severity } : {}),
      ...(line ? { line } : {}),
    }),
    [q, services, severity, line],
  )
  const changeSearch = useChangeSearch()
  const phone = useMediaQuery(PHONE_QUERY, undefined, { getInitialValueInEffect: false })
  const tokens = useTokens()
  const [away, setAway] = useState(false)
  const [filtering, setFiltering] = useState(false)

  const counts = useAnswer(countsQuestion(range))
  const question = useMemo(() => linesQuestion(range, params), [range, params])
  const used = useLines(question, away || line !== undefined)
  const shown = useMemo(() => counts.answer && filtered(counts.answer, params), [counts.answer, params])
  const data = useMemo(() => shown && histogramData(shown, tokens), [shown, tokens])
  const facet = useMemo(() => counts.answer && facets(counts.answer, params), [counts.answer, params])
  const terms = useMemo(() => searchTerms(q ?? ''), [q])

  const isListed = line !== undefined && used.list.lines.some((item) => item.id === line)
  const linked = useQuery({
    queryKey: ['line', line],
    queryFn: () => getLogLine(line as string),
    enabled: line !== undefined && used.loaded && !isListed,
    staleTime: Number.POSITIVE_INFINITY,
  })

  const setParams = useCallback(
    (next: LogsParams) =>
      changeSearch({ q: undefined, services: undefined, severity: undefined, line: undefined, ...next }),
    [changeSearch],
  )
  const open = useCallback(
    (id: string) => {
      const { line: opened, ...rest } = params
      setParams(opened === id ? rest : { ...rest, line: id })
    },
    [params, setParams],
  )
  const toggleService = (service: string) => {
    const { services: before = [], ...rest } = params
    const next = before.includes(service) ? before.filter((name) => name !== service) : [...before, service]
    setParams(next.length === 0 ? rest : { ...rest, services: next })
  }
  const toggleSeverity = (value: string) => {
    const { severity: before, ...rest } = params
    const chosen: MinSeverity | undefined = MIN_SEVERITIES.find((name) => name === value)
    setParams(chosen === undefined || before === chosen ? rest : { ...rest, severity: chosen })
  }

  if (counts.answer?.completeToMs === null && counts.answer.groups.length === 0) return <FirstLogs />
  const total = shown && totalOf(shown)
  const summary =
    total === undefined ? '' : q ? `searching ${formatNumber(total)} lines` : `${formatInteger(total)} lines`

  const facetLists = facet && (
    <>
      <FacetList
        title="severity, at least"
        values={facet.severities}
        open={severity === undefined}
        colourOf={(value) => tokens.severityFill[toneOf(value)]}
        isChosen={(value) => severity !== undefined && passesSeverity(value, severity)}
        onToggle={toggleSeverity}
      />
      <FacetList
        title="service"
        values={facet.services}
        open={services === undefined}
        colourOf={seriesVariable}
        isChosen={(value) => services?.includes(value) ?? false}
        onToggle={toggleService}
      />
    </>
  )

  return (
    <div className={classes.page}>
      <QueryBar
        params={params}
        summary={summary}
        onChange={setParams}
        {...(phone ? { onFilters: () => setFiltering(true) } : {})}
      />
      {phone && (
        <Sheet title="Filters" opened={filtering} onClose={() => setFiltering(false)}>
          {facetLists}
        </Sheet>
      )}
      <ChartPanel
        title="Lines over time"
        note={q ? 'all lines of these filters, not only those found' : data && `per ${stepText(data.stepMs)}`}
        data={data}
        pending={counts.pending}
        failure={counts.failure}
        onRetry={counts.retry}
        heightPx={phone ? 84 : 88}
      />
      <div className={classes.columns}>
        {!phone && (
          <aside className={classes.facets} aria-label="Filters">
            {facetLists}
          </aside>
        )}
        <LineTable
          list={used.list}
          loaded={used.loaded}
          failure={used.failure}
          older={used.older}
          terms={terms}
          params={params}
          linked={isListed ? undefined : linked.data}
          rowPx={phone ? PHONE_ROW_PX : ROW_PX}
          onScrolled={setAway}
          onOpen={open}
          onFilter={setParams}
          onRetry={used.retry}
          onCatchUp={used.catchUp}
          onOlder={used.loadOlder}
        />
      </div>
    </div>
  )
}

function stepText(stepMs: number): string {
  return stepMs < 60_000
    ? `${stepMs / 1_000} s`
    : stepMs < 3_600_000
      ? `${stepMs / 60_000} min`
      : `${stepMs / 3_600_000} h`
}

import { IconArrowDown } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { usePageTime } from '../../app/page-time.ts'
import { Swatch } from '../../charts/swatch.tsx'
import { formatNumber, formatQuantity } from '../../format/number.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { Panel, PanelEmpty, PanelFailure, PanelSkeleton } from '../../panels/panel.tsx'
import { seriesVariable } from '../../theme/series-colour.ts'
import { routeFilter } from './lines-behind.ts'
import classes from './overview.module.css'
import { anomaliesQuestion, routeQuestions } from './questions.ts'
import table from './routes-panel.module.css'
import { type RouteRow, type RouteSort, routeRows, sortRoutes } from './top-routes.ts'

const ROWS = 6
const TALL_ROWS = 9
const BODY_PX = 189
/** A larger share of errors is drawn as wrong. Per cent */
const WRONG_PERCENT = 1

const COLUMNS: readonly { readonly by: RouteSort; readonly name: string; readonly sortedBy: string }[] = [
  { by: 'requestsPerSecond', name: 'Requests/s', sortedBy: 'requests' },
  { by: 'p95Ms', name: 'p95', sortedBy: 'p95' },
  { by: 'errorPercent', name: 'Errors', sortedBy: 'errors' },
]

export function RoutesPanel({ phone, tall }: { phone: boolean; tall: boolean }) {
  const maxRows = tall ? TALL_ROWS : ROWS
  const { range } = usePageTime()
  const questions = routeQuestions(range)
  const requests = useAnswer(questions.requests)
  const durations = useAnswer(questions.durations)
  const errors = useAnswer(questions.errors)
  const anomalies = useAnswer(anomaliesQuestion(range)).answer?.anomalies
  const [by, setBy] = useState<RouteSort>('errorPercent')
  const [all, setAll] = useState(false)
  const rows = useMemo(
    () => requests.answer && routeRows(requests.answer, durations.answer, errors.answer, anomalies ?? []),
    [requests.answer, durations.answer, errors.answer, anomalies],
  )
  const failure = requests.failure ?? durations.failure ?? errors.failure
  const sorted = rows ? sortRoutes(rows, by) : []
  const shown = all ? sorted : sorted.slice(0, maxRows)
  const content = () => {
    if (!rows) {
      return failure ? (
        <PanelFailure failure={failure} heightPx={BODY_PX} onRetry={requests.retry} />
      ) : (
        <PanelSkeleton heightPx={BODY_PX} />
      )
    }
    if (rows.length === 0) return <PanelEmpty heightPx={BODY_PX}>No requests in this time range.</PanelEmpty>
    return <RoutesTable rows={shown} allRows={sorted} by={by} onSort={setBy} phone={phone} />
  }
  return (
    <div className={classes.right}>
      <Panel
        title="Top routes"
        stale={requests.pending && rows !== undefined}
        note={
          rows && rows.length > 0
            ? `${shown.length} of ${rows.length}, by ${COLUMNS.find((column) => column.by === by)?.sortedBy}`
            : undefined
        }
        aside={
          sorted.length > maxRows && (
            <button type="button" className={table.all} onClick={() => setAll(!all)}>
              {all ? `Worst ${maxRows}` : 'All routes'}
            </button>
          )
        }
      >
        {content()}
      </Panel>
    </div>
  )
}

interface RoutesTableProps {
  readonly rows: readonly RouteRow[]
  /** Bars are scaled by all rows, so that they do not change when more are shown. */
  readonly allRows: readonly RouteRow[]
  readonly by: RouteSort
  readonly onSort: (by: RouteSort) => void
  readonly phone: boolean
}

function RoutesTable({ rows, allRows, by, onSort, phone }: RoutesTableProps) {
  const largest = (column: RouteSort) => Math.max(...allRows.map((row) => row[column] ?? 0), 1e-9)
  const max = {
    requestsPerSecond: largest('requestsPerSecond'),
    p95Ms: largest('p95Ms'),
    errorPercent: largest('errorPercent'),
  }
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">Route</th>
          {!phone && <th scope="col">Service</th>}
          {COLUMNS.map((column) => (
            <th
              key={column.by}
              scope="col"
              aria-sort={by === column.by ? 'descending' : 'none'}
              className={table.number}
            >
              <button type="button" onClick={() => onSort(column.by)}>
                {column.name}
                {by === column.by && <IconArrowDown size={12} stroke={1.6} aria-hidden="true" />}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td className={table.route} title={`Show the lines of ${row.method} ${row.route} of ${row.service}`}>
              <Link to="/logs" search={routeFilter(row)}>
                <span>{row.method}</span> {row.route || '(no route)'}
              </Link>
            </td>
            {!phone && (
              <td className={table.service}>
                <Swatch colour={seriesVariable(row.service)} /> {row.service}
              </td>
            )}
            <Cell share={row.requestsPerSecond / max.requestsPerSecond} text={formatNumber(row.requestsPerSecond)} />
            <Cell
              share={(row.p95Ms ?? 0) / max.p95Ms}
              text={row.p95Ms === undefined ? '–' : formatQuantity(row.p95Ms, 'ms')}
              wrong={row.slow}
            />
            <Cell
              share={row.errorPercent / max.errorPercent}
              text={`${row.errorPercent.toFixed(1)}\u00a0%`}
              wrong={row.errorPercent >= WRONG_PERCENT}
            />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell({ share, text, wrong = false }: { share: number; text: string; wrong?: boolean }) {
  return (
    <td className={table.number}>
      <span className={table.cell}>
        <i className={table.bar} data-wrong={wrong} style={{ '--share': Math.max(share, 0.02).toFixed(3) }} />
        {text}
      </span>
    </td>
  )
}

import { useDebouncedCallback } from '@mantine/hooks'
import { IconArrowRight, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useChangeSearch } from '../../app/change-search.ts'
import { usePageTime } from '../../app/page-time.ts'
import type { OverviewParams } from '../../app/search-params.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { LogRow } from '../../logs/log-row.tsx'
import { searchTerms } from '../../logs/split-message.ts'
import { Panel, PanelEmpty, PanelFailure, PanelSkeleton } from '../../panels/panel.tsx'
import table from './newest-panel.module.css'
import classes from './overview.module.css'
import { newestQuestion } from './questions.ts'
import { sampleLines } from './sample-lines.ts'

const ROWS = 12
const TALL_ROWS = 18
const ROW_PX = 24

/** The newest lines, found by their words, moving while the page is live. */
export function NewestPanel({ phone, tall }: { phone: boolean; tall: boolean }) {
  const rows = tall ? TALL_ROWS : ROWS
  const heightPx = rows * ROW_PX + 8
  const { range, live } = usePageTime()
  const { find = '' } = useSearch({ strict: false }) as OverviewParams
  const navigate = useNavigate()
  const changeSearch = useChangeSearch()
  const { answer, pending, failure, retry } = useAnswer(newestQuestion(range, find))
  const terms = useMemo(() => searchTerms(find), [find])
  const setFind = useDebouncedCallback(
    (text: string) => changeSearch({ find: text.trim() === '' ? undefined : text.trim() }),
    250,
  )
  const lines = useMemo(() => sampleLines(answer?.logs ?? [], rows), [answer, rows])
  const content = () => {
    if (failure && (!answer || pending)) return <PanelFailure failure={failure} heightPx={heightPx} onRetry={retry} />
    if (!answer) return <PanelSkeleton heightPx={heightPx} />
    if (lines.length === 0) {
      return (
        <PanelEmpty heightPx={heightPx}>
          {find === '' ? 'No lines in this time range.' : `No line has ${find}.`}
        </PanelEmpty>
      )
    }
    return (
      <div className={table.rows} style={{ minHeight: heightPx }}>
        {lines.map((line) => (
          <LogRow
            key={line.id}
            line={line}
            terms={terms}
            onOpen={(id) => void navigate({ to: '/logs', search: { ...(find === '' ? {} : { q: find }), line: id } })}
          />
        ))}
      </div>
    )
  }
  return (
    <div className={classes.full}>
      <Panel
        title="Newest lines"
        stale={pending && answer !== undefined}
        note={
          <>
            {!phone && 'all services'}
            {live && !phone && (
              <span className={table.live}>
                <i aria-hidden="true" /> live{lines.length < (answer?.logs.length ?? 0) && ', a sample'}
              </span>
            )}
          </>
        }
        aside={
          <>
            <label className={table.find}>
              <IconSearch size={13} stroke={1.6} aria-hidden="true" />
              <input
                type="search"
                aria-label="Find in the newest lines"
                placeholder="Find words, prefix*, “a phrase”"
                defaultValue={find}
                data-page-search
                onChange={(event) => setFind(event.currentTarget.value)}
              />
            </label>
            <Link to="/logs" search={find === '' ? {} : { q: find }} className={classes.more}>
              Open in Logs <IconArrowRight size={13} stroke={1.6} aria-hidden="true" />
            </Link>
          </>
        }
      >
        {content()}
      </Panel>
    </div>
  )
}

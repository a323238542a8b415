import { IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { LogLine } from '../../api/answers.ts'
import type { Failure } from '../../api/failure.ts'
import type { LogsParams } from '../../app/search-params.ts'
import { formatInteger } from '../../format/number.ts'
import { LogRow } from '../../logs/log-row.tsx'
import { PanelEmpty, PanelFailure, PanelSkeleton } from '../../panels/panel.tsx'
import { LineDetails } from './line-details.tsx'
import type { LineList } from './line-list.ts'
import classes from './line-table.module.css'

interface LineTableProps {
  readonly list: LineList
  readonly loaded: boolean
  readonly failure: Failure | undefined
  readonly older: 'idle' | 'loading' | Failure
  readonly terms: readonly string[]
  readonly params: LogsParams
  /** From a link, when it is not among the lines loaded. */
  readonly linked: LogLine | undefined
  readonly rowPx: number
  readonly onScrolled: (awayFromTop: boolean) => void
  readonly onOpen: (id: string) => void
  readonly onFilter: (params: LogsParams) => void
  readonly onRetry: () => void
  readonly onCatchUp: () => void
  readonly onOlder: () => void
}

/** Older lines are asked for this many rows before the end comes into sight. */
const AHEAD_ROWS = 40

/** Only the rows in sight are in the document, however many there are. */
export function LineTable(props: LineTableProps) {
  const { list, loaded, failure, older, terms, params, linked, rowPx, onOpen, onFilter } = props
  const scrollRef = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: list.lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => list.lines[index]?.id ?? index,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const lastIndex = items.at(-1)?.index ?? 0
  const { onOlder } = props
  useEffect(() => {
    if (older === 'idle' && list.nextCursor !== undefined && lastIndex >= list.lines.length - AHEAD_ROWS) onOlder()
  }, [older, list.nextCursor, list.lines.length, lastIndex, onOlder])

  const catchUp = () => {
    props.onCatchUp()
    scrollRef.current?.scrollTo({ top: 0 })
  }

  return (
    <section className={classes.table} aria-label="Lines">
      <div className={classes.head}>
        <span>Time ↓</span>
        <span>Severity</span>
        <span>Service</span>
        <span>Message</span>
        {list.waiting.length > 0 && (
          <button type="button" className={classes.pill} onClick={catchUp}>
            <IconArrowUp size={14} stroke={1.8} aria-hidden="true" />
            <b>
              {formatInteger(list.waiting.length)}
              {list.gap ? '+' : ''} new
            </b>
            live paused while you read
          </button>
        )}
      </div>
      <div
        ref={scrollRef}
        className={classes.scroll}
        onScroll={(event) => props.onScrolled(event.currentTarget.scrollTop > 4)}
      >
        {linked && (
          <div className={classes.linked}>
            <LogRow line={linked} terms={terms} opened onOpen={onOpen} />
            <LineDetails line={linked} params={params} onFilter={onFilter} />
          </div>
        )}
        {failure && list.lines.length === 0 && <PanelFailure failure={failure} heightPx={96} onRetry={props.onRetry} />}
        {!loaded && !failure && list.lines.length === 0 && <PanelSkeleton heightPx={rowPx * 16} />}
        {loaded && list.lines.length === 0 && (
          <PanelEmpty heightPx={160}>No line fits. Try a longer time range, fewer words or another filter.</PanelEmpty>
        )}
        <div className={classes.space} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = list.lines[item.index]
            if (!line) return null
            const opened = params.line === line.id
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={classes.item}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow line={line} terms={terms} opened={opened} onOpen={onOpen} />
                {opened && <LineDetails line={line} params={params} onFilter={onFilter} />}
              </div>
            )
          })}
        </div>
        <div className={classes.end} role="status">
          {older === 'loading' && 'Loading older lines'}
          {typeof older === 'object' && <PanelFailure failure={older} heightPx={48} onRetry={props.onOlder} />}
          {loaded &&
            older === 'idle' &&
            list.nextCursor === undefined &&
            list.lines.length > 0 &&
            'No older lines in this range'}
        </div>
      </div>
    </section>
  )
}

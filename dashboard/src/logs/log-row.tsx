import { memo } from 'react'
import type { LogLine } from '../api/answers.ts'
import { Swatch } from '../charts/swatch.tsx'
import { seriesVariable } from '../theme/series-colour.ts'
import { formatExact, formatMillis } from '../time/format-time.ts'
import { useZone } from '../time/zone.ts'
import classes from './log-row.module.css'
import { splitMessage } from './split-message.ts'

interface LogRowProps {
  readonly line: LogLine
  /** In lower case; see searchTerms. */
  readonly terms: readonly string[]
  readonly opened?: boolean
  readonly onOpen: (id: string) => void
}

/** One line: time, severity, service, message. */
export const LogRow = memo(function LogRow({ line, terms, opened = false, onOpen }: LogRowProps) {
  const zone = useZone()
  return (
    <button
      type="button"
      className={classes.row}
      data-tone={line.severity}
      aria-expanded={opened}
      onClick={() => onOpen(line.id)}
    >
      <time className={classes.time} title={formatExact(line.timeMs, zone)}>
        {formatMillis(line.timeMs, zone)}
      </time>
      <span className={classes.severity}>{line.severity}</span>
      <span className={classes.service}>
        <Swatch colour={seriesVariable(line.service)} />
        <span>{line.service}</span>
      </span>
      <span className={classes.message}>
        <Message text={line.body} terms={terms} />
      </span>
    </button>
  )
})

export function Message({ text, terms }: { text: string; terms: readonly string[] }) {
  return splitMessage(text, terms).map((part, index) => {
    const key = `${index}`
    if (part.kind === 'plain') return part.text
    return part.kind === 'match' ? <mark key={key}>{part.text}</mark> : <i key={key}>{part.text}</i>
  })
}

import { useDebouncedCallback } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { LogsParams } from '../../app/search-params.ts'
import classes from './query-bar.module.css'

interface QueryBarProps {
  readonly params: LogsParams
  /** At the right of the field: how many lines. */
  readonly summary: string
  readonly onChange: (params: LogsParams) => void
  /** Opens the filters where they do not stand beside the lines. */
  readonly onFilters?: () => void
}

const TYPING_PAUSE_MS = 250

/** Words first; the filters below it say what else narrows the lines, and can be taken off. */
export function QueryBar({ params, summary, onChange, onFilters }: QueryBarProps) {
  const { q, ...rest } = params
  const fieldRef = useRef<HTMLInputElement>(null)
  const search = useDebouncedCallback((text: string) => {
    const trimmed = text.trim()
    onChange(trimmed === '' ? rest : { ...rest, q: trimmed })
  }, TYPING_PAUSE_MS)

  // The field is the reader's while it is typed in, and follows the URL otherwise.
  useEffect(() => {
    const field = fieldRef.current
    if (field && document.activeElement !== field) field.value = q ?? ''
  }, [q])

  return (
    <>
      <div className={classes.field}>
        <IconSearch size={16} stroke={1.6} aria-hidden="true" />
        <input
          ref={fieldRef}
          type="search"
          defaultValue={q ?? ''}
          aria-label="Search the lines"
          placeholder="Search: words, prefix*, “a phrase”, -without"
          spellCheck={false}
          data-page-search
          onChange={(event) => search(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <span>{summary}</span>
        {onFilters && (
          <button type="button" className={classes.filters} aria-label="Filters" onClick={onFilters}>
            <IconAdjustmentsHorizontal size={18} stroke={1.6} aria-hidden="true" />
          </button>
        )}
      </div>
      {(params.services || params.severity) && (
        <ul className={classes.chips} aria-label="Filters">
          {params.services?.map((service) => (
            <Chip
              key={service}
              name="service"
              sign=":"
              value={service}
              onRemove={() => {
                const { services, ...others } = params
                const left = services?.filter((other) => other !== service) ?? []
                onChange(left.length === 0 ? others : { ...others, services: left })
              }}
            />
          ))}
          {params.severity && (
            <Chip
              name="severity"
              sign="≥"
              value={params.severity}
              onRemove={() => {
                const { severity: _, ...others } = params
                onChange(others)
              }}
            />
          )}
        </ul>
      )}
    </>
  )
}

function Chip({ name, sign, value, onRemove }: { name: string; sign: string; value: string; onRemove: () => void }) {
  return (
    <li className={classes.chip}>
      {name} {sign} <b>{value}</b>
      <button type="button" aria-label={`Remove the filter ${name} ${value}`} onClick={onRemove}>
        <IconX size={12} stroke={1.8} aria-hidden="true" />
      </button>
    </li>
  )
}

import { IconFilterPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { LogLine } from '../../api/answers.ts'
import type { LogsParams } from '../../app/search-params.ts'
import { CopyButton } from '../../panels/copy-button.tsx'
import { formatExact } from '../../time/format-time.ts'
import { useZone } from '../../time/zone.ts'
import classes from './line-details.module.css'
import { fieldsOf, filterFor } from './line-fields.ts'

interface LineDetailsProps {
  readonly line: LogLine
  readonly params: LogsParams
  readonly onFilter: (params: LogsParams) => void
}

/** An open line: its whole message, its fields, and the record as it is stored. */
export function LineDetails({ line, params, onFilter }: LineDetailsProps) {
  const [tab, setTab] = useState<'fields' | 'raw'>('fields')
  const zone = useZone()
  const fields = fieldsOf(line)
  const raw = JSON.stringify(line, undefined, 2)
  const link = () => {
    const url = new URL(window.location.href)
    url.searchParams.set('line', JSON.stringify(line.id))
    return url.href
  }
  return (
    <section className={classes.details} aria-label="The line's fields">
      <div className={classes.tabs}>
        <div role="tablist" aria-label="Parts of the line">
          <button type="button" role="tab" aria-selected={tab === 'fields'} onClick={() => setTab('fields')}>
            Fields <span>{fields.length}</span>
          </button>
          <button type="button" role="tab" aria-selected={tab === 'raw'} onClick={() => setTab('raw')}>
            Raw JSON
          </button>
        </div>
        <CopyButton text={link()} label="Copy a link to this line" isLink />
        <CopyButton
          text={tab === 'raw' ? raw : line.body}
          label={tab === 'raw' ? 'Copy the JSON' : 'Copy the message'}
        />
      </div>
      {tab === 'raw' ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <pre className={classes.raw} tabIndex={0}>
          {raw}
        </pre>
      ) : (
        <>
          <p className={classes.body}>{line.body}</p>
          <dl className={classes.fields}>
            <div>
              <dt>time</dt>
              <dd>
                <span>{formatExact(line.timeMs, zone)}</span>
                <CopyButton text={new Date(line.timeMs).toISOString()} label="Copy time" />
              </dd>
            </div>
            {fields.map((field) => {
              const filter = filterFor(line, field, params)
              return (
                <div key={field.name}>
                  <dt title={field.name}>{field.name}</dt>
                  <dd>
                    {field.name === 'trace_id' && filter ? (
                      <button type="button" className={classes.trace} onClick={() => onFilter(filter)}>
                        {field.value}
                      </button>
                    ) : (
                      <span>{field.value}</span>
                    )}
                    {filter && (
                      <button
                        type="button"
                        className={classes.filter}
                        aria-label={`Filter for ${field.name} ${field.value}`}
                        title={`Filter for ${field.name}: ${field.value}`}
                        onClick={() => onFilter(filter)}
                      >
                        <IconFilterPlus size={14} stroke={1.6} aria-hidden="true" />
                      </button>
                    )}
                    <CopyButton text={field.value} label={`Copy ${field.name}`} />
                  </dd>
                </div>
              )
            })}
          </dl>
        </>
      )}
    </section>
  )
}

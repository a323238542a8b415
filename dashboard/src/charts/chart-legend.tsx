import { useState } from 'react'
import { formatQuantity } from '../format/number.ts'
import { type ChartData, lastValue } from './chart-data.ts'
import classes from './chart-legend.module.css'
import { Swatch } from './swatch.tsx'

/** Which series are shown. A click shows one alone, a second click all again; with Ctrl or Cmd it toggles one. */
export function useHidden(): { hidden: ReadonlySet<string>; choose: (key: string, all: readonly string[], toggle: boolean) => void } {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const choose = (key: string, all: readonly string[], toggle: boolean) =>
    setHidden((before) => nextHidden(before, key, all, toggle))
  return { hidden, choose }
}

export function nextHidden(
  before: ReadonlySet<string>,
  key: string,
  all: readonly string[],
  toggle: boolean,
): ReadonlySet<string> {
  if (toggle) {
    const next = new Set(before)
    if (!next.delete(key)) next.add(key)
    return next.size >= all.length ? new Set() : next
  }
  const alone = !before.has(key) && all.every((other) => other === key || before.has(other))
  return alone ? new Set() : new Set(all.filter((other) => other !== key))
}

interface ChartLegendProps {
  readonly data: ChartData
  /** In the order they are named. */
  readonly keys: readonly string[]
  readonly hidden: ReadonlySet<string>
  readonly onChoose: (key: string, toggle: boolean) => void
  readonly maxShown?: number
}

/** One line: name and last value; those that have no room are counted. */
export function ChartLegend({ data, keys, hidden, onChoose, maxShown = 5 }: ChartLegendProps) {
  const shown = keys.length > maxShown ? keys.slice(0, maxShown - 1) : keys
  return (
    <>
      {shown.map((key) => {
        const series = data.series.find((candidate) => candidate.key === key)
        if (!series) return null
        const last = lastValue(data, series)
        return (
          <button
            key={key}
            type="button"
            className={classes.item}
            aria-pressed={!hidden.has(key)}
            title="Click shows it alone, Ctrl-click toggles it"
            onClick={(event) => onChoose(key, event.ctrlKey || event.metaKey)}
          >
            <Swatch colour={series.colour} shape={data.kind === 'bars' ? 'square' : 'line'} />
            <span className={classes.name}>{series.name}</span>
            <b>{last === undefined ? '–' : formatQuantity(last, data.unit === '/s' ? '1' : data.unit)}</b>
          </button>
        )
      })}
      {keys.length > shown.length && (
        <span className={classes.more} title={keys.slice(shown.length).join(', ')}>
          +{keys.length - shown.length}
        </span>
      )}
    </>
  )
}

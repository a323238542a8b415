import { useResizeObserver } from '@mantine/hooks'
import { formatQuantity } from '../format/number.ts'
import { type ChartData, lastValue } from './chart-data.ts'
import classes from './chart-legend.module.css'
import { fittingItems } from './legend-fit.ts'
import { Swatch } from './swatch.tsx'

interface ChartLegendProps {
  readonly data: ChartData
  readonly hidden: ReadonlySet<string>
  readonly onChoose: (key: string, toggle: boolean) => void
}

/** One line: name and last value; those that have no room are counted. */
export function ChartLegend({ data, hidden, onChoose }: ChartLegendProps) {
  const [ref, { width }] = useResizeObserver<HTMLDivElement>()
  // A stack is built from the bottom, and named from the bottom: the worst comes first.
  const items = data.series.map((series) => {
    const last = lastValue(data, series)
    const value = last === undefined ? '–' : formatQuantity(last, data.unit === '/s' ? '1' : data.unit)
    return { key: series.key, name: series.name, colour: series.colour, value }
  })
  const shown = items.slice(0, width === 0 ? items.length : fittingItems(items, width))
  const left = items.slice(shown.length)
  return (
    <div ref={ref} className={classes.legend}>
      {shown.map((item) => (
        <button
          key={item.key}
          type="button"
          className={classes.item}
          aria-pressed={!hidden.has(item.key)}
          title="Click shows it alone, Ctrl-click toggles it"
          onClick={(event) => onChoose(item.key, event.ctrlKey || event.metaKey)}
        >
          <Swatch colour={item.colour} shape={data.kind === 'bars' ? 'square' : 'line'} />
          {item.name}
          <b>{item.value}</b>
        </button>
      ))}
      {left.length > 0 && (
        <span className={classes.more} title={left.map((item) => item.name).join(', ')}>
          +{left.length}
        </span>
      )}
    </div>
  )
}

import { Swatch } from '../../charts/swatch.tsx'
import { formatInteger } from '../../format/number.ts'
import classes from './facet-list.module.css'
import type { FacetValue } from './facets.ts'

interface FacetListProps {
  readonly title: string
  readonly values: readonly FacetValue[]
  readonly colourOf: (value: string) => string
  readonly isChosen: (value: string) => boolean
  /** Nothing is chosen: all are in. */
  readonly open: boolean
  readonly onToggle: (value: string) => void
}

const MAX_VALUES = 14

/** The values of one field with how many lines each would give. */
export function FacetList({ title, values, colourOf, isChosen, open, onToggle }: FacetListProps) {
  const max = Math.max(...values.map((value) => value.count), 1)
  return (
    <fieldset className={classes.facet}>
      <legend>{title}</legend>
      {values.slice(0, MAX_VALUES).map(({ value, count }) => (
        <label key={value} className={classes.value} data-dimmed={!open && !isChosen(value)}>
          <i className={classes.bar} style={{ '--share': (count / max).toFixed(3) }} aria-hidden="true" />
          <input type="checkbox" checked={isChosen(value)} onChange={() => onToggle(value)} />
          <Swatch colour={colourOf(value)} />
          <span>{value === '' ? 'no service' : value}</span>
          <b>{formatInteger(count)}</b>
        </label>
      ))}
      {values.length > MAX_VALUES && <p>and {values.length - MAX_VALUES} more: search for them by name</p>}
    </fieldset>
  )
}

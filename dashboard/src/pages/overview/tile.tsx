import type { ReactNode } from 'react'
import type { Quantity } from '../../format/number.ts'
import classes from './overview.module.css'

interface TileProps {
  readonly name: string
  /** What it is measured on. */
  readonly of?: string
  readonly value: Quantity | undefined
  readonly note: ReactNode
  readonly figure?: ReactNode
  readonly wrong?: boolean
  readonly loading?: boolean
}

/** One number, what is usual for it, and its shape over the range. */
export function Tile({ name, of, value, note, figure, wrong = false, loading = false }: TileProps) {
  return (
    <article className={classes.tile} data-wrong={wrong} aria-label={name} aria-busy={loading}>
      <div className={classes.tileName}>
        {name} {of && <span>{of}</span>}
      </div>
      <div className={classes.tileValue}>
        {value ? value.value : '–'}
        {value && value.unit !== '' && <small>{value.unit}</small>}
      </div>
      <div className={classes.tileNote}>{loading ? ' ' : note}</div>
      {figure && <div className={classes.tileFigure}>{figure}</div>}
    </article>
  )
}

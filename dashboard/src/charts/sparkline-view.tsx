import classes from './sparkline.module.css'
import { sparkOf } from './sparkline.ts'

interface SparklineViewProps {
  readonly values: readonly (number | null)[]
  readonly tone: 'neutral' | 'accent' | 'error'
  /** What its course is of. */
  readonly label: string
}

const WIDTH_PX = 64
const HEIGHT_PX = 36

/** A shape without numbers: the tile beside it says them. */
export function SparklineView({ values, tone, label }: SparklineViewProps) {
  const { line, area, last } = sparkOf(values, WIDTH_PX, HEIGHT_PX)
  return (
    <span className={classes.spark} data-tone={tone} role="img" aria-label={label}>
      <svg viewBox={`0 0 ${WIDTH_PX} ${HEIGHT_PX}`} aria-hidden="true">
        <path className={classes.area} d={area} />
        <path className={classes.line} d={line} />
        {last && <circle className={classes.dot} cx={last.x} cy={last.y} r="2" />}
      </svg>
    </span>
  )
}

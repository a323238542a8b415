export interface Spark {
  /** Path data of the line; gaps lift the pen. */
  readonly line: string
  /** Of the filled ground under it, to the lower edge. */
  readonly area: string
  /** The newest point. */
  readonly last: { readonly x: number; readonly y: number } | undefined
}

/** Fewer make a stroke, not a shape. */
const MIN_POINTS = 3

/** A line of values across the whole box, scaled between its own extremes with zero as the floor where it is near. */
export function sparkOf(values: readonly (number | null)[], widthPx: number, heightPx: number): Spark {
  const known = values.filter((value): value is number => value !== null)
  if (known.length < MIN_POINTS) return { line: '', area: '', last: undefined }
  const max = Math.max(...known)
  const least = Math.min(...known)
  const min = least < max / 2 ? 0 : least - (max - least) * 0.15
  const span = max - min || 1
  const inner = heightPx - 4
  const points = values.map((value, index) =>
    value === null
      ? undefined
      : { x: round((index / (values.length - 1)) * (widthPx - 3)), y: round(2 + (1 - (value - min) / span) * inner) },
  )
  const runs: { x: number; y: number }[][] = []
  let run: { x: number; y: number }[] = []
  for (const point of [...points, undefined]) {
    if (point) run.push(point)
    else if (run.length > 0) {
      runs.push(run)
      run = []
    }
  }
  const path = (items: { x: number; y: number }[]) => items.map(({ x, y }) => `${x} ${y}`).join('L')
  return {
    line: runs.map((items) => `M${path(items)}`).join(''),
    area: runs.map((items) => `M${items[0]?.x} ${heightPx}L${path(items)}L${items.at(-1)?.x} ${heightPx}Z`).join(''),
    last: points.findLast((point) => point !== undefined),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

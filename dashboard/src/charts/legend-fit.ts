/** Widths in the legend's type, Inter 12 px: close enough to decide what fits. px */
const CHARACTER_PX = 6.5
const SWATCH_AND_GAPS_PX = 12 + 8 + 8
const BETWEEN_PX = 16
const MORE_PX = 28

export interface LegendText {
  readonly name: string
  readonly value: string
}

/** How many items, from the first, fit on one line; room for "+2" is kept where not all do. At least one. */
export function fittingItems(items: readonly LegendText[], widthPx: number): number {
  const ends: number[] = []
  let endPx = 0
  for (const item of items) {
    endPx += SWATCH_AND_GAPS_PX + (item.name.length + item.value.length) * CHARACTER_PX
    ends.push(endPx)
    endPx += BETWEEN_PX
  }
  if ((ends.at(-1) ?? 0) <= widthPx) return items.length
  const fitting = ends.filter((end) => end <= widthPx - MORE_PX - BETWEEN_PX).length
  return Math.max(fitting, 1)
}

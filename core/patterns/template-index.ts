import type { Cluster } from './cluster.ts'
import { slotSum, slotTerm } from './slot-hash.ts'
import { layoutKey, type Symbols } from './symbols.ts'

interface Shape {
  readonly open: readonly number[]
  readonly templates: Map<number, number>
}

/** Finds the template that a line belongs to by its words outside of the template's open positions. */
export class TemplateIndex {
  private readonly shapesByLayout = new Map<number, Shape[]>()

  constructor(clusters: readonly Cluster[]) {
    clusters.forEach(({ symbols, open }, index) => {
      if (open.length > 0) this.add(symbols, open, index)
    })
  }

  private add(symbols: Symbols, open: readonly number[], index: number): void {
    const layout = layoutKey(symbols)
    const shapes = this.shapesByLayout.get(layout) ?? []
    this.shapesByLayout.set(layout, shapes)
    const name = open.join()
    let shape = shapes.find((one) => one.open.join() === name)
    if (!shape) {
      if (shapes.length >= MAX_SHAPES) return
      shape = { open, templates: new Map() }
      shapes.push(shape)
      // The template with the fewest open positions says most about a line.
      shapes.sort((a, b) => a.open.length - b.open.length)
    }
    shape.templates.set(keyOf(symbols, slotSum(symbols), open), index)
  }

  /** Whether lines of this layout have templates at all. */
  hasLayout(layout: number): boolean {
    return this.shapesByLayout.has(layout)
  }

  /** Index of the cluster among those given; -1 if none matches. */
  find(symbols: Symbols): number {
    const shapes = this.shapesByLayout.get(layoutKey(symbols))
    if (!shapes) return -1
    const sum = slotSum(symbols)
    for (const { open, templates } of shapes) {
      const index = templates.get(keyOf(symbols, sum, open))
      if (index !== undefined) return index
    }
    return -1
  }
}

const MAX_SHAPES = 64

function keyOf(symbols: Symbols, sum: number, open: readonly number[]): number {
  let key = sum
  for (const at of open) key -= slotTerm(at, symbols[at] as number)
  return key
}

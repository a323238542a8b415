import { collapse, type Symbols, WILDCARD } from './symbols.ts'

/** A template in the making: the masked forms it stands for, by their index, and their common symbols. */
export interface Cluster {
  readonly symbols: Symbols
  readonly forms: readonly number[]
  /** Its wildcards were decided in an earlier run, whose forms are gone: they are not put to the test again. */
  readonly settled: boolean
  /** Positions of the wildcards that were found by comparing lines. */
  readonly open: readonly number[]
  /** Those of them that stand for several words of some lines. */
  readonly wide: readonly number[]
}

/** The cluster of one form. */
export function clusterOf(symbols: Symbols, form: number, settled: boolean): Cluster {
  return collapsed({ symbols, forms: [form], settled, open: settled ? wildcardsOf(symbols) : [], wide: [] })
}

/** All of `group` as one, with the symbols of `template`, which is one of them. */
export function unitedAll(template: Cluster, group: readonly Cluster[]): Cluster {
  if (group.length === 1) return template
  const open = new Set(template.open)
  const wide = new Set(template.wide)
  for (const cluster of group) {
    if (cluster.symbols.length !== template.symbols.length) continue
    for (const at of cluster.open) open.add(at)
    for (const at of cluster.wide) wide.add(at)
  }
  return {
    symbols: template.symbols,
    forms: group.flatMap(({ forms }) => forms),
    settled: group.some(({ settled }) => settled),
    open: [...open].filter((at) => template.symbols[at] === WILDCARD).sort((a, b) => a - b),
    wide: [...wide].filter((at) => template.symbols[at] === WILDCARD),
  }
}

/** Wildcards with nothing but punctuation between them become one; it is open if one of them was. */
export function collapsed(cluster: Cluster): Cluster {
  const symbols = collapse(cluster.symbols)
  if (symbols.length === cluster.symbols.length) return cluster
  const places = wildcardsOf(symbols)
  const open: number[] = []
  const wide: number[] = []
  let run = -1
  let inRun = false
  let openInRun = 0
  for (let at = 0; at < cluster.symbols.length; at++) {
    const symbol = cluster.symbols[at] as number
    if (symbol > 0) inRun = false
    if (symbol !== WILDCARD) continue
    if (!inRun) {
      run++
      openInRun = 0
    }
    inRun = true
    if (!cluster.open.includes(at)) continue
    openInRun++
    const place = places[run] as number
    if (openInRun === 1) open.push(place)
    if (openInRun === 2 || cluster.wide.includes(at)) wide.push(place)
  }
  return { ...cluster, symbols, open, wide }
}

function wildcardsOf(symbols: Symbols): number[] {
  const wildcards: number[] = []
  for (let at = 0; at < symbols.length; at++) if (symbols[at] === WILDCARD) wildcards.push(at)
  return wildcards
}

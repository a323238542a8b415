import { collapse, type Symbols, WILDCARD } from './symbols.ts'

/** A template in the making: the masked forms it stands for, by their index, and their common symbols. */
export interface Cluster {
  readonly symbols: Symbols
  readonly forms: readonly number[]
  /** Its wildcards were decided in an earlier run, whose forms are gone: they are not put to the test again. */
  readonly settled: boolean
  /** Positions of the wildcards that were found by comparing lines. */
  readonly open: readonly number[]
}

/** The cluster of one form. */
export function clusterOf(symbols: Symbols, form: number, settled: boolean): Cluster {
  return collapsed({ symbols, forms: [form], settled, open: settled ? wildcardsOf(symbols) : [] })
}

/** All of `group` as one, with the symbols of `template`, which is one of them. */
export function unitedAll(template: Cluster, group: readonly Cluster[]): Cluster {
  if (group.length === 1) return template
  const open = new Set(template.open)
  for (const cluster of group) {
    if (cluster.symbols.length === template.symbols.length) for (const at of cluster.open) open.add(at)
  }
  return {
    symbols: template.symbols,
    forms: group.flatMap(({ forms }) => forms),
    settled: group.some(({ settled }) => settled),
    open: [...open].filter((at) => template.symbols[at] === WILDCARD).sort((a, b) => a - b),
  }
}

/** Wildcards with nothing but punctuation between them become one; it is open if one of them was. */
export function collapsed(cluster: Cluster): Cluster {
  const symbols = collapse(cluster.symbols)
  if (symbols.length === cluster.symbols.length) return cluster
  const before = wildcardsOf(symbols)
  const open = new Set<number>()
  let run = -1
  let inRun = false
  for (let at = 0; at < cluster.symbols.length; at++) {
    const symbol = cluster.symbols[at] as number
    if (symbol > 0) inRun = false
    if (symbol !== WILDCARD) continue
    if (!inRun) run++
    inRun = true
    if (cluster.open.includes(at)) open.add(before[run] as number)
  }
  return { ...cluster, symbols, open: [...open] }
}

function wildcardsOf(symbols: Symbols): number[] {
  const wildcards: number[] = []
  for (let at = 0; at < symbols.length; at++) if (symbols[at] === WILDCARD) wildcards.push(at)
  return wildcards
}

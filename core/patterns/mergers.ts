import type { Cluster } from './cluster.ts'
import { pushTo } from './group-by.ts'
import type { HoleEvidence } from './hole-evidence.ts'
import { slotSum, slotTerm } from './slot-hash.ts'
import { type Symbols, WILDCARD } from './symbols.ts'

/** Clusters that are one template with wildcards at `holes`. */
export interface Merger {
  readonly holes: readonly number[]
  readonly clusters: readonly Cluster[]
  readonly surplus: number
}

const MAX_PAIR_SLOTS = 24
const MAX_PAIR_CLUSTERS = 3000
const MAX_SPLIT_DEPTH = 8
const WORDS_BESIDE_HOLES = 2
const SETTLED_SURPLUS = 1000

/** Clusters of one layout, of which mergers are looked for. */
export class MergerSearch {
  private readonly clusters: readonly Cluster[]
  private readonly slots: readonly number[]
  private readonly evidence: HoleEvidence
  /** How many clusters have a symbol in a place. */
  private readonly frequency = new Map<number, number>()

  constructor(clusters: readonly Cluster[], slots: readonly number[], evidence: HoleEvidence) {
    this.clusters = clusters
    this.slots = slots
    this.evidence = evidence
    for (const { symbols } of clusters) {
      for (const at of slots) {
        const key = placeKey(at, symbols[at] as number)
        this.frequency.set(key, (this.frequency.get(key) ?? 0) + 1)
      }
    }
  }

  /** Clusters that agree in all slots but one. */
  atOne(): Merger[] {
    const clusters = this.sharingAllBut(1)
    const sums = clusters.map(({ symbols }) => slotSum(symbols))
    const mergers: Merger[] = []
    for (const at of this.slots) {
      const key = (i: number): number => (sums[i] as number) - slotTerm(at, clusters[i]?.symbols[at] as number)
      this.collect(clusters, [at], key, mergers)
    }
    return mergers
  }

  /** Clusters that agree in all slots but two. */
  atTwo(): Merger[] {
    const mergers: Merger[] = []
    const { slots } = this
    if (slots.length > MAX_PAIR_SLOTS || slots.length < 2 + WORDS_BESIDE_HOLES) return mergers
    const clusters = this.sharingAllBut(2)
    if (clusters.length > MAX_PAIR_CLUSTERS || clusters.length < 3) return mergers
    const sums = clusters.map(({ symbols }) => slotSum(symbols))
    const varying = slots.filter((at) => clusters.some(({ symbols }) => symbols[at] !== clusters[0]?.symbols[at]))
    const terms = varying.map((at) => clusters.map(({ symbols }) => slotTerm(at, symbols[at] as number)))
    for (let p = 0; p < varying.length; p++) {
      for (let q = p + 1; q < varying.length; q++) {
        const key = (i: number): number => (sums[i] as number) - (terms[p]?.[i] as number) - (terms[q]?.[i] as number)
        this.collect(clusters, [varying[p] as number, varying[q] as number], key, mergers)
      }
    }
    return mergers
  }

  /**
   * Lines in which three or more positions vary seldom agree in all but two. Their common words, though, are equally
   * frequent in their places: the largest set of such words, with all that are more frequent, is a line's core.
   */
  aroundCores(): Merger[] {
    const mergers: Merger[] = []
    if (this.clusters.length < 3) return mergers
    const groups = new Map<number, Cluster[]>()
    for (const cluster of this.clusters) {
      const least = this.coreFrequency(cluster)
      if (least === 0) continue
      let key = 0
      for (const at of this.slots) {
        const symbol = cluster.symbols[at] as number
        if (symbol !== WILDCARD && this.frequencyOf(at, symbol) >= least) key += slotTerm(at, symbol)
      }
      pushTo(groups, key, cluster)
    }
    for (const group of groups.values()) this.splitUntilEvident(group, mergers, 0)
    return mergers
  }

  private coreFrequency({ symbols }: Cluster): number {
    const wordsAt = new Map<number, number>()
    for (const at of this.slots) {
      const symbol = symbols[at] as number
      if (symbol === WILDCARD) continue
      const count = this.frequencyOf(at, symbol)
      if (count >= 3) wordsAt.set(count, (wordsAt.get(count) ?? 0) + 1)
    }
    let core = 0
    let most = 1
    for (const [count, words] of wordsAt) {
      if (words < most || (words === most && count < core) || words < WORDS_BESIDE_HOLES) continue
      core = count
      most = words
    }
    return core
  }

  private frequencyOf(at: number, symbol: number): number {
    return this.frequency.get(placeKey(at, symbol)) as number
  }

  /** Leaves out clusters with more than `holes` symbols that no other has in their place: they agree with none. */
  private sharingAllBut(holes: number): readonly Cluster[] {
    return this.clusters.filter(({ symbols }) => {
      let alone = 0
      for (const at of this.slots) if (this.frequencyOf(at, symbols[at] as number) === 1) alone++
      return alone <= holes
    })
  }

  private collect(
    clusters: readonly Cluster[],
    holes: readonly number[],
    key: (index: number) => number,
    mergers: Merger[],
  ): void {
    const groups = new Map<number, Cluster[]>()
    for (let i = 0; i < clusters.length; i++) pushTo(groups, key(i), clusters[i] as Cluster)
    if (groups.size === clusters.length) return
    for (const group of groups.values()) {
      if (group.length < 2) continue
      const { surplus } = this.surplusOf(group, holes)
      if (surplus >= 0) mergers.push({ holes, clusters: group, surplus })
    }
  }

  /** A position without evidence for a variable divides the group by its words. */
  private splitUntilEvident(group: readonly Cluster[], mergers: Merger[], depth: number): void {
    const first = group[0]
    if (group.length < 3 || depth > MAX_SPLIT_DEPTH || !first) return
    const holes = this.slots.filter((at) => group.some(({ symbols }) => symbols[at] !== first.symbols[at]))
    if (holes.length === 0) return
    const words = this.slots.filter((at) => first.symbols[at] !== WILDCARD && !holes.includes(at)).length
    const { surplus, weakest } = this.surplusOf(group, holes)
    if (surplus >= 0 && words >= WORDS_BESIDE_HOLES && words >= holes.length) {
      mergers.push({ holes, clusters: group, surplus })
      return
    }
    const parts = new Map<number, Cluster[]>()
    for (const cluster of group) pushTo(parts, cluster.symbols[weakest] as number, cluster)
    for (const part of parts.values()) this.splitUntilEvident(part, mergers, depth + 1)
  }

  private varyIndependently(rows: readonly Symbols[], holes: readonly number[]): boolean {
    if (holes.length < 2 || rows.length < MIN_COMBINATIONS) return false
    const most = Math.max(...holes.map((at) => new Set(rows.map((row) => row[at])).size))
    return rows.length >= most * COMBINATIONS_PER_VALUE
  }

  private surplusOf(group: readonly Cluster[], holes: readonly number[]): { surplus: number; weakest: number } {
    const rows = group.map(({ symbols }) => symbols)
    const combined = this.varyIndependently(rows, holes)
    let surplus = Number.POSITIVE_INFINITY
    let weakest = -1
    for (const at of holes) {
      const settled = group.some((cluster) => cluster.settled && cluster.symbols[at] === WILDCARD)
      const one = settled ? SETTLED_SURPLUS : this.evidence.surplus(rows, at, at === this.slots[0], holes, combined)
      if (one >= surplus) continue
      surplus = one
      weakest = at
    }
    return { surplus, weakest }
  }
}

/** So many combinations of so few values are not written as a statement each. */
const MIN_COMBINATIONS = 8
const COMBINATIONS_PER_VALUE = 2

function placeKey(at: number, symbol: number): number {
  return at * 0x1_0000_0000 + symbol
}

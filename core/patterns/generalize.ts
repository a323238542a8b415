import { absorb, absorbSpans } from './absorb.ts'
import { type Cluster, clusterOf, collapsed, unitedAll } from './cluster.ts'
import { pushTo } from './group-by.ts'
import { HoleEvidence } from './hole-evidence.ts'
import { type Merger, MergerSearch } from './mergers.ts'
import { slotSum, slotTerm } from './slot-hash.ts'
import { layoutKey, type Symbols, symbolsKey, WILDCARD } from './symbols.ts'
import type { Vocabulary } from './vocabulary.ts'

const MAX_ROUNDS = 12
const MAX_PASSES = 4
/** Sets of open positions looked at in one layout. */
const MAX_SHAPES = 64
/** A hole with this many values teaches that they are values. */
const VALUES_TO_LEARN_FROM = 6

/** What grouping needs to know of a form. */
interface Form {
  readonly hashA: number
  readonly hashB: number
  readonly symbols: Symbols
  /** It is a template of an earlier run. */
  readonly settled: boolean
}

/**
 * Groups masked forms into templates. The result depends only on which forms there are, not on their order or counts.
 *
 * Forms of one layout (words and variables as slots, punctuation as it is) are compared. Where they agree in all slots but one
 * (then but two, then in a common core of equally frequent words, as in Brain: Yu et al., TSC 2023), and the values of the
 * slots that differ give enough evidence (see `HoleEvidence`), they become one cluster with wildcards there. Merged clusters
 * may agree with further ones, so this goes on until nothing changes. Strongest evidence first.
 */
export function generalize(forms: readonly Form[], vocabulary: Vocabulary): Cluster[] {
  const evidence = new HoleEvidence(vocabulary)
  const order = [...forms.keys()].sort((a, b) => compareHashes(forms[a] as Form, forms[b] as Form))
  let clusters = unite(order.map((at) => clusterOf((forms[at] as Form).symbols, at, (forms[at] as Form).settled)))
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const known = evidence.knownValues.size
    const before = clusters.length
    clusters = unite(byLayout(clusters).flatMap((bucket) => generalizeBucket(bucket, evidence)))
    clusters = absorbSpans(absorb(clusters, evidence, vocabulary), vocabulary)
    if (clusters.length === before && evidence.knownValues.size === known) break
  }
  return clusters
}

function byLayout(clusters: readonly Cluster[]): Cluster[][] {
  const buckets = new Map<number, Cluster[]>()
  for (const cluster of clusters) pushTo(buckets, layoutKey(cluster.symbols), cluster)
  return [...buckets.values()]
}

function compareHashes(a: Form, b: Form): number {
  return a.hashA - b.hashA || a.hashB - b.hashB
}

/** Clusters with equal symbols, once neighbouring wildcards are one, are one. */
function unite(clusters: readonly Cluster[]): Cluster[] {
  const alike = new Map<number, Cluster[]>()
  for (const cluster of clusters) {
    const joined = collapsed(cluster)
    pushTo(alike, symbolsKey(joined.symbols), joined)
  }
  return [...alike.values()].map((group) => unitedAll(group[0] as Cluster, group))
}

function generalizeBucket(bucket: Cluster[], evidence: HoleEvidence): Cluster[] {
  if (bucket.length < 2) return bucket
  const slots: number[] = []
  const layout = (bucket[0] as Cluster).symbols
  for (let i = 0; i < layout.length; i++) if ((layout[i] as number) >= 0) slots.push(i)
  let clusters = subsume(bucket)
  for (let round = 0; round < MAX_ROUNDS && clusters.length > 1; round++) {
    const search = new MergerSearch(clusters, slots, evidence)
    let mergers = search.atOne()
    if (mergers.length === 0) mergers = search.atTwo()
    if (mergers.length === 0) mergers = search.aroundCores()
    if (mergers.length === 0) break
    clusters = subsume(apply(mergers, clusters, evidence))
  }
  return clusters
}

/** Strongest first; a cluster takes part in one merger a round. */
function apply(mergers: Merger[], clusters: Cluster[], evidence: HoleEvidence): Cluster[] {
  mergers.sort((a, b) => b.surplus - a.surplus)
  const merged = new Set<Cluster>()
  const results: Cluster[] = []
  for (const { holes, clusters: parts } of mergers) {
    if (parts.some((part) => merged.has(part))) continue
    const symbols = (parts[0] as Cluster).symbols.slice()
    for (const hole of holes) {
      symbols[hole] = WILDCARD
      const values = new Set(parts.map((part) => part.symbols[hole] as number))
      if (values.size < VALUES_TO_LEARN_FROM) continue
      for (const value of values) if (value !== WILDCARD) evidence.knownValues.add(value)
    }
    for (const part of parts) merged.add(part)
    const all = unitedAll(parts[0] as Cluster, parts)
    results.push({ ...all, symbols, open: [...new Set([...all.open, ...holes])].sort((a, b) => a - b) })
  }
  return [...clusters.filter((one) => !merged.has(one)), ...results]
}

/** A line that agrees with a template in all but its open positions belongs to it, however few such lines there are. */
function subsume(clusters: Cluster[]): Cluster[] {
  const shapes = new Map<string, readonly number[]>()
  for (const { open } of clusters) if (open.length > 0) shapes.set(open.join(), open)
  if (shapes.size === 0) return clusters
  const widest = [...shapes.values()].sort((a, b) => b.length - a.length).slice(0, MAX_SHAPES)
  const sums = new Map<Cluster, number>()
  for (const cluster of clusters) sums.set(cluster, slotSum(cluster.symbols))
  let left = clusters
  for (const open of widest) {
    const groups = new Map<number, Cluster[]>()
    for (const cluster of left) {
      let key = sums.get(cluster) as number
      for (const at of open) key -= slotTerm(at, cluster.symbols[at] as number)
      pushTo(groups, key, cluster)
    }
    if (groups.size === left.length) continue
    left = [...groups.values()].flatMap((group) => {
      const template = group.find((cluster) => open.every((at) => cluster.open.includes(at)))
      if (!template || group.length === 1) return group
      const whole = unitedAll(template, group)
      sums.set(whole, sums.get(template) as number)
      return [whole]
    })
  }
  return left
}

import type { Cluster } from './cluster.ts'
import { kindAt, type StoredForm, withKind } from './stored-form.ts'
import { type Symbols, WILDCARD } from './symbols.ts'
import { joinKinds } from './variable-kind.ts'
import { Vocabulary } from './vocabulary.ts'

interface Bounds {
  readonly maxClusters: number
  readonly maxForms: number
  /** Kept in any case. */
  readonly keep: StoredForm | undefined
}

/**
 * Makes room: the forms of a template with open positions become one settled form, whose wildcards are for good; then the
 * clusters that were longest unused are dropped until the bounds hold. Words that no form has any more are forgotten.
 *
 * @returns `dropped`, the number of clusters given up
 */
export function settle(
  clusters: readonly Cluster[],
  forms: readonly StoredForm[],
  vocabulary: Vocabulary,
  bounds: Bounds,
): { forms: StoredForm[]; vocabulary: Vocabulary; dropped: number } {
  const groups = clusters.map((cluster) => {
    const members = cluster.forms.map((at) => forms[at] as StoredForm)
    const lastSeen = members.reduce((latest, form) => Math.max(latest, form.lastSeen), 0)
    return {
      lastSeen,
      forms: settledForms(cluster, members),
      kept: bounds.keep ? members.includes(bounds.keep) : false,
    }
  })
  groups.sort((a, b) => Number(b.kept) - Number(a.kept) || b.lastSeen - a.lastSeen)
  const kept: StoredForm[] = []
  let clustersKept = 0
  for (const group of groups) {
    if (clustersKept >= bounds.maxClusters || (kept.length > 0 && kept.length + group.forms.length > bounds.maxForms))
      break
    clustersKept++
    for (const form of group.forms) kept.push(form)
  }
  const words = new Vocabulary()
  for (const form of kept) {
    form.symbols = form.symbols.map((symbol) => (symbol > 0 ? words.idOf(vocabulary.wordOf(symbol)) : symbol))
  }
  return { forms: kept, vocabulary: words, dropped: clusters.length - clustersKept }
}

function settledForms(cluster: Cluster, members: StoredForm[]): StoredForm[] {
  if (cluster.open.length === 0 || members.length === 1) return members
  const alike = members.filter(({ symbols }) => sameLayout(symbols, cluster.symbols))
  const first = alike.reduce<StoredForm | undefined>(
    (most, form) => (most && most.count >= form.count ? most : form),
    undefined,
  )
  if (!first) return members
  const marks = first.marks.slice()
  for (const at of cluster.symbols.keys()) {
    if (cluster.symbols[at] !== WILDCARD) continue
    const kind = alike.reduce((joined, form) => joinKinds(joined, kindAt(form, at)), kindAt(first, at))
    marks[at] = withKind(marks[at] as number, kind)
  }
  const settled: StoredForm = {
    ...first,
    symbols: cluster.symbols,
    marks,
    settled: true,
    count: members.reduce((sum, { count }) => sum + count, 0),
    firstSeen: members.reduce((least, { firstSeen }) => Math.min(least, firstSeen), first.firstSeen),
    lastSeen: members.reduce((latest, { lastSeen }) => Math.max(latest, lastSeen), first.lastSeen),
  }
  return [settled]
}

function sameLayout(a: Symbols, b: Symbols): boolean {
  return a.length === b.length && a.every((symbol, at) => symbol === b[at] || (symbol >= 0 && (b[at] as number) >= 0))
}

import { type Cluster, unitedAll } from './cluster.ts'
import type { HoleEvidence } from './hole-evidence.ts'
import { align, collapse, type Symbols, symbolsKey, WILDCARD } from './symbols.ts'
import { EVENT, GRAMMAR, type Vocabulary } from './vocabulary.ts'

const WORDS_TO_ABSORB = 2
const MAX_WIDE_TEMPLATES = 200
const MAX_SPAN_WORDS = 4

/** `password for <*>` takes in `password for root <*>`: a word beside a wildcard that the others have in its place. */
export function absorb(clusters: readonly Cluster[], evidence: HoleEvidence, vocabulary: Vocabulary): Cluster[] {
  const bySymbols = new Map<number, Cluster>()
  for (const cluster of clusters) bySymbols.set(symbolsKey(cluster.symbols), cluster)
  const candidates = new Map<string, { target: Cluster; values: Set<number>; parts: Set<Cluster> }>()
  for (const cluster of clusters) {
    const { symbols } = cluster
    for (let at = 0; at < symbols.length; at++) {
      const word = symbols[at] as number
      if (word <= 0 || vocabulary.has(word, GRAMMAR) || vocabulary.has(word, EVENT)) continue
      if (symbols[at - 1] !== WILDCARD && symbols[at + 1] !== WILDCARD) continue
      const shorter = symbols.slice()
      shorter[at] = WILDCARD
      const joined = collapse(shorter)
      if (joined.length !== symbols.length - 1) continue
      const key = symbolsKey(joined)
      const target = bySymbols.get(key)
      if (!target || target === cluster || wordsIn(target.symbols) < WORDS_TO_ABSORB) continue
      const candidate = candidates.get(`${key}/${at}`) ?? { target, values: new Set(), parts: new Set() }
      candidate.values.add(word)
      candidate.parts.add(cluster)
      candidates.set(`${key}/${at}`, candidate)
    }
  }
  const gone = new Set<Cluster>()
  const grown = new Map<Cluster, number[]>()
  for (const { target, values, parts } of candidates.values()) {
    const known = [...values].every((value) => evidence.knownValues.has(value))
    if (values.size < (known || target.settled ? 1 : 2) || gone.has(target)) continue
    for (const part of parts) {
      if (gone.has(part) || grown.has(part)) continue
      gone.add(part)
      const forms = grown.get(target) ?? [...target.forms]
      forms.push(...part.forms)
      grown.set(target, forms)
    }
  }
  if (gone.size === 0) return [...clusters]
  return clusters
    .filter((cluster) => !gone.has(cluster))
    .map((cluster) => ({ ...cluster, forms: grown.get(cluster) ?? cluster.forms }))
}

/**
 * `input <*> as <path>`, where the wildcard has held two words, takes in `input USB Mouse Pro as <path>`: the same with one
 * word, or a few more.
 */
export function absorbSpans(clusters: readonly Cluster[], vocabulary: Vocabulary): Cluster[] {
  const templates = clusters
    .filter(({ symbols, wide }) => wide.length > 0 && wordsIn(symbols) >= WORDS_TO_ABSORB)
    .slice(0, MAX_WIDE_TEMPLATES)
  if (templates.length === 0) return [...clusters]
  const taken = new Map<Cluster, Cluster[]>(templates.map((template) => [template, [template]]))
  const left = clusters.filter((cluster) => {
    if (taken.has(cluster)) return true
    const template = templates.find((one) => holdsSpans(one, cluster.symbols, vocabulary))
    if (!template) return true
    taken.get(template)?.push(cluster)
    return false
  })
  return left.map((cluster) => unitedAll(cluster, taken.get(cluster) ?? [cluster]))
}

function holdsSpans({ symbols, wide }: Cluster, line: Symbols, vocabulary: Vocabulary): boolean {
  if (Math.abs(line.length - symbols.length) > wide.length * MAX_SPAN_WORDS) return false
  const spans = align(symbols, line)
  if (!spans) return false
  let wildcard = 0
  for (let at = 0; at < symbols.length; at++) {
    if (symbols[at] !== WILDCARD) continue
    const from = spans[wildcard * 2] as number
    const to = spans[wildcard * 2 + 1] as number
    wildcard++
    if (!wide.includes(at)) {
      if (to - from > 1 || line[from] !== WILDCARD) return false
      continue
    }
    if (to - from > MAX_SPAN_WORDS) return false
    for (let i = from; i < to; i++) {
      const symbol = line[i] as number
      if (symbol < 0 || (symbol > 0 && vocabulary.has(symbol, GRAMMAR))) return false
    }
  }
  return true
}

function wordsIn(symbols: Symbols): number {
  let words = 0
  for (const symbol of symbols) if (symbol > 0) words++
  return words
}

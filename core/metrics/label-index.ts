import { OTHER } from './series.ts'

/** One combination of label values; its identity stands for it, so that maps need no text of it. */
export interface LabelSet {
  readonly values: readonly string[]
  lastSeenMs: number
}

/** Longer label values are cut: a series' id stays bounded. UTF-16 units */
export const MAX_LABEL_LENGTH = 200
/** A combination not seen for this long makes room for others. ms */
const FORGET_AFTER_MS = 3_600_000
/** Looking for what can be forgotten costs a pass over all, so it is done at most this often. ms */
const SWEEP_INTERVAL_MS = 60_000

type Branch = Map<string, Branch | LabelSet>

/**
 * Interns combinations of label values within a budget.
 *
 * Past the budget the label with the most different values becomes `__other__`, which keeps the sums by the other labels
 * exact; once an eighth of the budget (at least 16) is taken by such combinations too, all labels become `__other__`.
 * Combinations unseen for an hour of wall clock make room.
 */
export class LabelIndex {
  readonly #labels: number
  readonly #maxSets: number
  readonly #maxNarrowed: number
  readonly #rest: LabelSet
  #root: Branch = new Map()
  #sets: LabelSet[] = []
  #narrowed: LabelSet[] = []
  #sweptMs = Number.NEGATIVE_INFINITY
  #widest = 0
  #overflows = 0
  #generation = 0

  /**
   * @param labels  number of labels, ≥ 1
   * @param maxSets ≥ 1
   */
  constructor(labels: number, maxSets: number) {
    this.#labels = labels
    this.#maxSets = maxSets
    this.#maxNarrowed = Math.max(16, Math.ceil(maxSets / 8))
    this.#rest = { values: Array.from({ length: labels }, () => OTHER), lastSeenMs: 0 }
  }

  /** Lookups answered with an `__other__` since the start. */
  get overflows(): number {
    return this.#overflows
  }

  /** Rises when combinations are forgotten: what was looked up before may be none of the index any more. */
  get generation(): number {
    return this.#generation
  }

  /** @param nowMs wall clock, ms since the epoch */
  lookup(values: readonly string[], nowMs: number): LabelSet {
    const known = this.#find(values)
    if (known !== undefined) {
      known.lastSeenMs = nowMs
      return known
    }
    if (this.#sets.length >= this.#maxSets) this.#sweep(nowMs)
    if (this.#sets.length < this.#maxSets) return this.#insert(values, nowMs, this.#sets)
    return this.#overflow(values, nowMs)
  }

  #overflow(values: readonly string[], nowMs: number): LabelSet {
    this.#overflows++
    const narrowed = values.with(this.#widest, OTHER)
    const known = this.#find(narrowed)
    if (known !== undefined) {
      known.lastSeenMs = nowMs
      return known
    }
    if (this.#narrowed.length < this.#maxNarrowed) return this.#insert(narrowed, nowMs, this.#narrowed)
    return this.#rest
  }

  #find(values: readonly string[]): LabelSet | undefined {
    let branch = this.#root
    const last = this.#labels - 1
    for (let i = 0; i < last; i++) {
      const next = branch.get(values[i]!)
      if (next === undefined) return undefined
      branch = next as Branch
    }
    return branch.get(values[last]!) as LabelSet | undefined
  }

  #insert(values: readonly string[], nowMs: number, into: LabelSet[]): LabelSet {
    const set = { values: values.map(cut), lastSeenMs: nowMs }
    this.#link(values, set)
    into.push(set)
    return set
  }

  #link(values: readonly string[], set: LabelSet): void {
    let branch = this.#root
    for (let i = 0; i < this.#labels - 1; i++) {
      let next = branch.get(values[i]!) as Branch | undefined
      if (next === undefined) {
        next = new Map()
        branch.set(values[i]!, next)
      }
      branch = next
    }
    branch.set(values[this.#labels - 1]!, set)
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < SWEEP_INTERVAL_MS) return
    this.#sweptMs = nowMs
    this.#generation++
    const stays = (set: LabelSet) => nowMs - set.lastSeenMs < FORGET_AFTER_MS
    this.#sets = this.#sets.filter(stays)
    this.#narrowed = this.#narrowed.filter(stays)
    this.#root = new Map()
    for (const set of [...this.#sets, ...this.#narrowed]) this.#link(set.values, set)
    this.#widest = this.#findWidest()
  }

  #findWidest(): number {
    let widest = 0
    let most = 0
    for (let i = 0; i < this.#labels; i++) {
      const different = new Set(this.#sets.map((set) => set.values[i])).size
      if (different > most) [most, widest] = [different, i]
    }
    return widest
  }
}

function cut(value: string): string {
  return value.length <= MAX_LABEL_LENGTH ? value : `${value.slice(0, MAX_LABEL_LENGTH - 1)}…`
}

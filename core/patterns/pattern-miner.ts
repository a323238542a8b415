import { AliasTable } from './alias-table.ts'
import { assignOwners, patternIdOf } from './assign-owners.ts'
import type { Cluster } from './cluster.ts'
import { detachedText, MAX_DETACHED_CHARS } from './detached-text.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { FormTable } from './form-table.ts'
import { generalize } from './generalize.ts'
import { LineMask } from './line-mask.ts'
import { settle } from './settle.ts'
import { knownSymbols, learnWords, marksOf, type Owner, type StoredForm, widenKinds } from './stored-form.ts'
import { align, maskLayoutKey, type Symbols } from './symbols.ts'
import { TemplateIndex } from './template-index.ts'
import { templateText } from './template-text.ts'
import { Vocabulary } from './vocabulary.ts'

/** A template of log lines, as it is known now. */
export interface Pattern {
  readonly id: string
  /** Text with typed wildcards: `session opened for user <word> by (uid=<number>)`. */
  readonly template: string
  /** Lines that it stands for. */
  readonly count: number
  readonly sample: string
  /** Numbers of the first and last of its lines, counted from 0. */
  readonly firstSeen: number
  readonly lastSeen: number
}

/** Which pattern a line has, and what stands in the place of its wildcards. */
export interface PatternMatch {
  readonly id: string
  readonly values: readonly string[]
}

export interface PatternMinerOptions {
  /** Patterns kept; the longest unused go first. Default 10,000. */
  readonly maxPatterns?: number
}

/** The pattern of lines for which there is no room: random text, while nothing in it repeats. */
export const OTHER_PATTERN_ID = 'other'
const OTHER_TEMPLATE = '<*>'

const DEFAULT_MAX_PATTERNS = 10_000
const FORMS_PER_PATTERN = 2
const BINDINGS_PER_FORM = 4
const ALIASES_PER_PATTERN = 4
const FIRST_REFINEMENT = 32
const GROWTH_BETWEEN_REFINEMENTS = 0.25
/** Above this share of a bound, room is made. */
const FULL_SHARE = 0.9
/** Share kept when there are too many. */
const KEPT_SHARE = 0.5

/**
 * Finds the logging statements behind lines, as templates with wildcards, while the lines come.
 *
 * A line is masked (`LineMask`); lines with the same masked form are one, found by its hash, which is all that most lines
 * cost. Forms are grouped into templates by `generalize`, whenever there are a quarter more of them than at the last time,
 * so `observe` may give an id that a later one replaces: `resolve` tells by which. As the groups depend on nothing but which forms there
 * are, neither the order of lines nor the partition that saw them matters after `refine`, as long as no form had to be
 * given up for the bound. Beyond the bound, forms of one template are replaced by it, and then the longest unused
 * patterns are dropped.
 */
export class PatternMiner {
  private readonly maxPatterns: number
  private readonly maxForms: number
  private readonly mask = new LineMask()
  private readonly table = new FormTable()
  private readonly aliases: AliasTable
  private vocabulary = new Vocabulary()
  private forms: StoredForm[] = []
  private clusters: Cluster[] = []
  private ownerOfCluster: Owner[] = []
  private index = new TemplateIndex([])
  private nextRefinement = FIRST_REFINEMENT
  private lines = 0
  private otherCount = 0
  private otherLast = 0
  private doorkeeper: Doorkeeper | undefined

  constructor(options: PatternMinerOptions = {}) {
    this.maxPatterns = options.maxPatterns ?? DEFAULT_MAX_PATTERNS
    if (!Number.isSafeInteger(this.maxPatterns) || this.maxPatterns < 1) {
      throw new RangeError(`maxPatterns must be a positive integer, not ${this.maxPatterns}`)
    }
    this.maxForms = this.maxPatterns * FORMS_PER_PATTERN
    this.aliases = new AliasTable(this.maxPatterns * ALIASES_PER_PATTERN)
  }

  /** Lines observed. */
  get lineCount(): number {
    return this.lines
  }

  /** Takes a line in. The id is the pattern's as it is known now; see `resolve`. */
  observe(line: string): string {
    const { mask } = this
    mask.read(line)
    const number = this.lines++
    let at = this.table.get(mask.hashA, mask.hashB)
    if (at < 0) at = this.admit(line, number)
    if (at < 0) {
      this.otherCount++
      this.otherLast = number
      return OTHER_PATTERN_ID
    }
    const form = this.forms[at] as StoredForm
    form.count++
    form.lastSeen = number
    if (form.kindsHash !== mask.kindsHash) widenKinds(form, mask)
    return form.owner.id
  }

  /** The pattern of a line as things stand, with the values of its wildcards; the line is not counted. */
  match(line: string): PatternMatch {
    const { mask } = this
    mask.read(line)
    const at = this.table.get(mask.hashA, mask.hashB)
    const symbols = knownSymbols(mask, line, this.vocabulary)
    if (at >= 0) {
      const { owner } = this.forms[at] as StoredForm
      const cluster = this.clusters[owner.cluster]
      const template = cluster ? cluster.symbols : (this.forms[at] as StoredForm).symbols
      return { id: owner.id, values: this.valuesOf(template, symbols, line) }
    }
    const found = this.index.find(symbols)
    const cluster = this.clusters[found]
    if (!cluster) return { id: OTHER_PATTERN_ID, values: [line] }
    return { id: (this.ownerOfCluster[found] as Owner).id, values: this.valuesOf(cluster.symbols, symbols, line) }
  }

  /** The id that today stands for `id`, as given by `observe` before. */
  resolve(id: string): string {
    return this.aliases.resolve(id)
  }

  /** Groups all forms anew. Called as needed by `observe`; call it before reading final results. */
  refine(): void {
    this.clusters = generalize(this.forms, this.vocabulary)
    this.ownerOfCluster = assignOwners(this.clusters, this.forms, this.aliases)
    this.index = new TemplateIndex(this.clusters)
    const growth = Math.max(FIRST_REFINEMENT, Math.floor(this.forms.length * GROWTH_BETWEEN_REFINEMENTS))
    // A form more is at most a pattern more: the bound holds between refinements too.
    const room = Math.max(1, Math.min(this.maxPatterns - this.clusters.length, this.maxForms - this.forms.length))
    this.nextRefinement = this.forms.length + Math.min(growth, room)
  }

  /** All patterns after a `refine`, the most frequent first. */
  patterns(): Pattern[] {
    this.refine()
    const patterns = this.clusters.map((cluster, i): Pattern => {
      const forms = cluster.forms.map((at) => this.forms[at] as StoredForm).sort((a, b) => b.count - a.count)
      return {
        id: (this.ownerOfCluster[i] as Owner).id,
        template: templateText(cluster.symbols, forms, this.vocabulary),
        count: forms.reduce((sum, { count }) => sum + count, 0),
        sample: (forms[0] as StoredForm).sample,
        firstSeen: forms.reduce((least, { firstSeen }) => Math.min(least, firstSeen), Number.POSITIVE_INFINITY),
        lastSeen: forms.reduce((most, { lastSeen }) => Math.max(most, lastSeen), 0),
      }
    })
    if (this.otherCount > 0) {
      const seen = { firstSeen: 0, lastSeen: this.otherLast }
      patterns.push({ id: OTHER_PATTERN_ID, template: OTHER_TEMPLATE, count: this.otherCount, sample: '', ...seen })
    }
    return patterns.sort((a, b) => b.count - a.count || a.firstSeen - b.firstSeen)
  }

  /**
   * Takes in what another miner has found, as if its lines had come here, after those seen so far. Ids of both stay valid:
   * where both have a pattern of their own for the same lines, the one with more lines keeps its id.
   */
  merge(other: PatternMiner): void {
    for (const form of other.forms) {
      const symbols = form.symbols.map((symbol) =>
        symbol > 0 ? this.vocabulary.idOf(other.vocabulary.wordOf(symbol)) : symbol,
      )
      const at = this.table.get(form.hashA, form.hashB)
      const own = at < 0 ? undefined : this.forms[at]
      if (own && own.settled === form.settled) {
        own.count += form.count
        own.lastSeen = Math.max(own.lastSeen, form.lastSeen + this.lines)
        continue
      }
      this.add({
        ...form,
        symbols,
        marks: form.marks.slice(),
        firstSeen: form.firstSeen + this.lines,
        lastSeen: form.lastSeen + this.lines,
        owner: { id: form.owner.id, firstSeen: form.owner.firstSeen + this.lines, cluster: -1 },
      })
    }
    for (const [id, successor] of other.aliases.entries()) this.aliases.add(id, successor)
    this.lines += other.lines
    this.otherCount += other.otherCount
    this.refine()
    if (this.isFull()) this.compact()
  }

  private valuesOf(template: Symbols, symbols: Symbols, line: string): string[] {
    const spans = align(template, symbols)
    if (!spans) return []
    const values: string[] = []
    for (let i = 0; i < spans.length; i += 2) {
      const start = this.mask.starts[spans[i] as number] as number
      values.push(line.slice(start, this.mask.ends[(spans[i + 1] as number) - 1]))
    }
    return values
  }

  /** The index of the form of the line that was read last; -1 if it is not taken in. */
  private admit(line: string, number: number): number {
    const { mask } = this
    const closed = this.doorkeeper !== undefined && !this.doorkeeper.admits(mask.hashA, mask.hashB)
    if (closed && !this.index.hasLayout(maskLayoutKey(mask))) return -1
    const symbols = knownSymbols(mask, line, this.vocabulary)
    const found = this.index.find(symbols)
    if (found >= 0) {
      const settled = (this.clusters[found] as Cluster).forms.find((at) => (this.forms[at] as StoredForm).settled)
      if (settled !== undefined) return this.bind(settled)
    }
    if (closed) return -1
    learnWords(symbols, mask, line, this.vocabulary)
    const owner = this.ownerOfCluster[found] ?? {
      id: patternIdOf(mask.hashA, mask.hashB),
      firstSeen: number,
      cluster: -1,
    }
    this.aliases.release(owner.id)
    this.add({
      hashA: mask.hashA,
      hashB: mask.hashB,
      symbols,
      marks: marksOf(mask, line),
      settled: false,
      sample: detachedText(line, 0, Math.min(line.length, MAX_DETACHED_CHARS)),
      firstSeen: number,
      lastSeen: number,
      count: 0,
      kindsHash: mask.kindsHash,
      owner,
    })
    if (this.forms.length < this.nextRefinement) return this.forms.length - 1
    this.refine()
    if (this.isFull()) this.compact()
    return this.table.get(mask.hashA, mask.hashB)
  }

  private add(form: StoredForm): void {
    this.forms.push(form)
    this.table.set(form.hashA, form.hashB, this.forms.length - 1)
  }

  /** The next line of this form is found by its hash. */
  private bind(at: number): number {
    if (this.table.size >= this.maxForms * BINDINGS_PER_FORM) this.bindOwnHashes()
    this.table.set(this.mask.hashA, this.mask.hashB, at)
    return at
  }

  private bindOwnHashes(): void {
    this.table.clear()
    this.forms.forEach(({ hashA, hashB }, at) => {
      this.table.set(hashA, hashB, at)
    })
  }

  private isFull(): boolean {
    return this.forms.length >= this.maxForms * FULL_SHARE || this.clusters.length >= this.maxPatterns * FULL_SHARE
  }

  private compact(): void {
    const newest = this.forms[this.forms.length - 1]
    const { forms, vocabulary, dropped } = settle(this.clusters, this.forms, this.vocabulary, {
      maxClusters: Math.max(1, Math.floor(this.maxPatterns * KEPT_SHARE)),
      maxForms: Math.max(1, Math.floor(this.maxForms * KEPT_SHARE)),
      keep: newest,
    })
    this.forms = forms
    this.vocabulary = vocabulary
    this.bindOwnHashes()
    this.refine()
    this.doorkeeper = dropped > 0 ? (this.doorkeeper ?? new Doorkeeper()) : undefined
  }
}

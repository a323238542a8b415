import { detachedText } from './detached-text.ts'
import { type LineMask, VARIABLE, WORD } from './line-mask.ts'
import { type Symbols, WILDCARD } from './symbols.ts'
import { joinKinds, WORD_KIND } from './variable-kind.ts'
import type { Vocabulary } from './vocabulary.ts'

const KIND_BITS = 31
const SPACE_BEFORE = 32
const STOP_SHIFT = 6
const STOPS = ['', '.', '!', '?']

/** A template's name and number; forms point to the one they belong to. */
export interface Owner {
  id: string
  /** Number of the first line. */
  readonly firstSeen: number
  /** Index of its cluster; -1 before the first grouping. */
  cluster: number
}

/** All lines that differ in variables alone, as one. */
export interface StoredForm {
  readonly hashA: number
  readonly hashB: number
  symbols: Symbols
  /** Per symbol: the kind of variable, whether a space stands before it, which stop behind it. */
  readonly marks: Uint8Array
  /** Stands for many forms that were given up: its wildcards stay. */
  readonly settled: boolean
  readonly sample: string
  readonly firstSeen: number
  lastSeen: number
  count: number
  kindsHash: number
  owner: Owner
}

/** What no vocabulary holds: matches wildcards alone. */
const UNKNOWN_WORD = 0x7fff_ffff

/** The symbols of the line that `mask` holds; words that `vocabulary` does not know are not added to it. */
export function knownSymbols(mask: LineMask, line: string, vocabulary: Vocabulary): Symbols {
  const symbols = new Int32Array(mask.length)
  for (let i = 0; i < mask.length; i++) {
    const code = mask.codes[i] as number
    if (code !== WORD) symbols[i] = code === VARIABLE ? WILDCARD : -code
    else symbols[i] = vocabulary.find(line.slice(mask.starts[i], mask.ends[i])) ?? UNKNOWN_WORD
  }
  return symbols
}

/** Adds the words that `knownSymbols` did not find. */
export function learnWords(symbols: Symbols, mask: LineMask, line: string, vocabulary: Vocabulary): void {
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] !== UNKNOWN_WORD) continue
    symbols[i] = vocabulary.idOf(detachedText(line, mask.starts[i] as number, mask.ends[i] as number))
  }
}

export function marksOf(mask: LineMask, line: string): Uint8Array {
  const marks = new Uint8Array(mask.length)
  for (let i = 0; i < mask.length; i++) {
    const start = mask.starts[i] as number
    const end = mask.ends[i] as number
    const stop = mask.codes[i] === WORD || mask.codes[i] === VARIABLE ? STOPS.indexOf(line.charAt(end)) : 0
    const dotted = stop === 1 && line.charAt(end + 1) === '.'
    marks[i] =
      (mask.kinds[i] as number) |
      (start > 0 && line.charCodeAt(start - 1) <= 32 ? SPACE_BEFORE : 0) |
      (stop > 0 && !dotted ? stop << STOP_SHIFT : 0)
  }
  return marks
}

export function kindAt(form: StoredForm, at: number): number {
  return (form.symbols[at] as number) > 0 ? WORD_KIND : (form.marks[at] as number) & KIND_BITS
}

export function spaceBefore(form: StoredForm, at: number): boolean {
  return ((form.marks[at] as number) & SPACE_BEFORE) !== 0
}

export function stopAfter(form: StoredForm, at: number): string {
  return STOPS[(form.marks[at] as number) >>> STOP_SHIFT] as string
}

/** Takes in the kinds of variables that a further line has. */
export function widenKinds(form: StoredForm, mask: LineMask): void {
  form.kindsHash = mask.kindsHash
  if (mask.length !== form.marks.length) return
  for (let i = 0; i < mask.length; i++) {
    if (form.symbols[i] !== WILDCARD) continue
    const mark = form.marks[i] as number
    const kind = mask.codes[i] === WORD ? WORD_KIND : (mask.kinds[i] as number)
    form.marks[i] = (mark & ~KIND_BITS) | joinKinds(mark & KIND_BITS, kind)
  }
}

export function withKind(mark: number, kind: number): number {
  return (mark & ~KIND_BITS) | kind
}

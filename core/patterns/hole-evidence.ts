import { type Symbols, WILDCARD } from './symbols.ts'
import { CUE, EVENT, GRAMMAR, IDENTIFIER, type Vocabulary } from './vocabulary.ts'

/** Distinct values at which a position of otherwise equal lines is a variable, before the context speaks. */
const VALUES_NEEDED = 4
/** A line's first word mostly names what happens. */
const MORE_FOR_FIRST = 6
const LEAST_MORE_FOR_FIRST = 2
const WORDS_OF_SHORT_LINE = 3
/** `started`, `stopped`, `FAILED`: different events, not values of one. */
const MORE_FOR_EVENTS = 6
/** With one other word, the lines have little in common. */
const MORE_FOR_LONE_CONTEXT = 2
const LESS_AFTER_CUE = 1
const LESS_FOR_IDENTIFIERS = 1
const LESS_IN_QUOTES = 1
/** The other lines have a value with digits, a path, ... in this place. */
const LESS_BESIDE_VARIABLE = 3
/** The words are values of variables elsewhere. */
const LESS_FOR_KNOWN_VALUES = 1
const LEAST_NEEDED = 3

const QUOTE = -34
const APOSTROPHE = -39
const EQUALS = -61

/** What speaks for and against a position being a variable. Sees only which words there are, not how often or in what order. */
export class HoleEvidence {
  private readonly vocabulary: Vocabulary
  /** Words that have been found to be values of variables. */
  readonly knownValues = new Set<number>()

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
  }

  /**
   * How far the evidence exceeds what is needed; below 0 the position stays as it is.
   *
   * @param rows  symbols of the lines, all of one layout, equal but at `holes`
   * @param at    the position in question, one of `holes`
   * @param first whether it is the first word or variable of the line
   * @param combined whether the values at `holes` occur in many combinations
   */
  surplus(rows: readonly Symbols[], at: number, first: boolean, holes: readonly number[], combined: boolean): number {
    const values = new Set<number>()
    let besideVariable = false
    for (const row of rows) {
      const value = row[at] as number
      if (value === WILDCARD) besideVariable = true
      else values.add(value)
    }
    const context = rows[0] as Symbols
    let words = 0
    for (let i = 0; i < context.length; i++) if ((context[i] as number) > 0 && !holes.includes(i)) words++
    if (values.size === 0 || words === 0 || values.size + (besideVariable ? 1 : 0) < 2) return -1

    let identifiers = 0
    let events = 0
    let known = 0
    for (const value of values) {
      if (this.vocabulary.has(value, GRAMMAR)) return -1
      if (this.vocabulary.has(value, IDENTIFIER)) identifiers++
      if (this.vocabulary.has(value, EVENT)) events++
      if (this.knownValues.has(value)) known++
    }
    const most = (count: number): boolean => count * 2 > values.size
    const before = at > 0 ? (context[at - 1] as number) : 0
    let needed = VALUES_NEEDED
    if (first)
      needed += Math.max(
        LEAST_MORE_FOR_FIRST,
        MORE_FOR_FIRST - Math.max(0, words - WORDS_OF_SHORT_LINE) - (most(known) ? 2 : 0),
      )
    if (words === 1) needed += MORE_FOR_LONE_CONTEXT
    if (most(events) && before !== EQUALS && !combined) needed += MORE_FOR_EVENTS
    if (most(identifiers)) needed -= LESS_FOR_IDENTIFIERS
    if (most(known)) needed -= LESS_FOR_KNOWN_VALUES
    if (before > 0 && this.vocabulary.has(before, CUE)) needed -= LESS_AFTER_CUE
    if (before === QUOTE || before === APOSTROPHE) needed -= LESS_IN_QUOTES
    let least = LEAST_NEEDED
    if (before === EQUALS && identifiers === values.size) least = 2
    if (besideVariable) {
      needed -= LESS_BESIDE_VARIABLE
      least = known === values.size || (words >= 3 && events === 0) ? 1 : 2
    }
    return values.size - Math.max(needed, least)
  }
}

import { WeirError } from '../errors.ts'
import type { TextTerm } from '../ports/log-store.ts'
import { FIELD_BREAK, tokensOf } from './tokens.ts'

/** A term as the words that must follow each other; with `prefix` the last of them may go on. */
export interface TermTokens {
  /** At least one. */
  readonly tokens: readonly string[]
  readonly prefix: boolean
  readonly negated: boolean
}

/** @throws WEIR_QUERY_INVALID if the term has no letter or digit */
export function termTokens(term: TextTerm): TermTokens {
  const tokens = tokensOf(term.text)
  if (tokens.length === 0) {
    throw new WeirError(
      'WEIR_QUERY_INVALID',
      `The search term ${JSON.stringify(term.text)} has no letter or digit to look for; remove it.`,
    )
  }
  return { tokens, prefix: term.kind === 'prefix', negated: term.negated }
}

/**
 * Whether all terms match the text: what {@link LogStore.search} finds, decided in memory.
 *
 * @param text of `searchableText`
 * @throws WEIR_QUERY_INVALID if a term has no letter or digit
 */
export function matchesTextTerms(terms: readonly TextTerm[], text: string): boolean {
  return terms.length === 0 || matchesTokens(terms.map(termTokens), text)
}

/** As {@link matchesTextTerms}, for terms that are compared with many texts. */
export function matchesTokens(terms: readonly TermTokens[], text: string): boolean {
  const words = wordsWithBreaks(text)
  return terms.every((term) => contains(words, term) !== term.negated)
}

function wordsWithBreaks(text: string): string[] {
  if (!text.includes(FIELD_BREAK)) return tokensOf(text)
  const words: string[] = []
  for (const field of text.split(FIELD_BREAK)) words.push(...tokensOf(field), '')
  return words
}

function contains(words: readonly string[], term: TermTokens): boolean {
  const { tokens, prefix } = term
  const last = tokens.length - 1
  for (let start = 0; start + last < words.length; start++) {
    let i = 0
    while (i < last && words[start + i] === tokens[i]) i++
    if (i < last) continue
    const word = words[start + last]!
    if (prefix ? word.startsWith(tokens[last]!) : word === tokens[last]) return true
  }
  return false
}

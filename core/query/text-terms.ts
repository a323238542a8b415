import { WeirError } from '../errors.ts'
import type { TextTerm } from '../ports/log-store.ts'
import { tokensOf } from './tokens.ts'

export const MAX_QUERY_CHARS = 1_024
export const MAX_TERMS = 32

/**
 * Reads the text of a search box: terms apart by space, all of which must match. `word`, `pre*`, `"a phrase"`, each with
 * `-` before it to leave lines with it out. A word with punctuation inside (`/api/orders`, `order_id`) means its parts in
 * a row, as a phrase does. What has no letter or digit (`-`, `=>`, `""`) is skipped.
 *
 * @throws WEIR_QUERY_INVALID for a quote that is not closed, more than 32 terms or 1,024 characters
 */
export function parseTextTerms(text: string): TextTerm[] {
  if (text.length > MAX_QUERY_CHARS) {
    throw new WeirError(
      'WEIR_QUERY_INVALID',
      `The search text has ${text.length} characters, more than ${MAX_QUERY_CHARS}; shorten it.`,
    )
  }
  const terms: TextTerm[] = []
  let at = 0
  while (at < text.length) {
    if (isSpace(text[at]!)) {
      at++
      continue
    }
    const negated = text[at] === '-'
    if (negated) at++
    const [term, end] = text[at] === '"' ? readPhrase(text, at, negated) : readWord(text, at, negated)
    at = end
    if (tokensOf(term.text).length === 0) continue
    terms.push(term)
    if (terms.length > MAX_TERMS) {
      throw new WeirError('WEIR_QUERY_INVALID', `The search text has more than ${MAX_TERMS} terms; leave some out.`)
    }
  }
  return terms
}

function readPhrase(text: string, start: number, negated: boolean): [TextTerm, number] {
  const end = text.indexOf('"', start + 1)
  if (end === -1) {
    throw new WeirError(
      'WEIR_QUERY_INVALID',
      `The quote at character ${start + 1} of the search text is not closed; add a closing quote or remove it.`,
    )
  }
  return [{ kind: 'phrase', text: text.slice(start + 1, end), negated }, end + 1]
}

function readWord(text: string, start: number, negated: boolean): [TextTerm, number] {
  let end = start
  while (end < text.length && !isSpace(text[end]!) && text[end] !== '"') end++
  const word = text.slice(start, end)
  if (!word.endsWith('*')) return [{ kind: 'word', text: word, negated }, end]
  return [{ kind: 'prefix', text: word.replace(/\*+$/, ''), negated }, end]
}

function isSpace(char: string): boolean {
  return char.trim() === ''
}

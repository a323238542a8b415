import { type LogRecord, type LogSearch, matchesTokens, searchableText, type TermTokens, termTokens } from '@weir/core'
import { indexedSeverity, serviceWord, severityWord, wordCode } from './index-text.ts'

/** A search split into what the text index answers and what is decided on each record it finds. */
export interface SearchPlan {
  /** Words that all must be there. */
  readonly required: readonly string[]
  /** Words that must not be there. */
  readonly excluded: readonly string[]
  readonly services: readonly string[]
  /** Decides on a candidate; absent where the index alone decides. */
  readonly verify?: (record: LogRecord) => boolean
}

/**
 * The index holds words without their positions. A phrase is looked up as all of its words and then compared with the
 * text; so is a phrase to leave out, and, where nothing is asked for that the index could find, every excluded word.
 *
 * @param prefixes `verified`: decided on the text alone
 * @throws WEIR_QUERY_INVALID if a term has no letter or digit
 */
export function planSearch(search: LogSearch, prefixes: 'indexed' | 'verified'): SearchPlan {
  const terms = search.terms.map(termTokens)
  const required: string[] = []
  const excluded: string[] = []
  const toVerify: TermTokens[] = []
  for (const term of terms.filter((each) => !each.negated)) {
    const prefixToVerify = term.prefix && prefixes === 'verified'
    required.push(...(prefixToVerify ? indexWords(term).slice(0, -1) : indexWords(term)))
    if (prefixToVerify || term.tokens.length > 1) toVerify.push(term)
  }
  const floor = indexedSeverity(search.minSeverityNumber)
  if (floor !== undefined) required.push(quoted(severityWord(floor)))
  const usesIndex = required.length > 0 || search.services.length > 0
  for (const term of terms.filter((each) => each.negated)) {
    if (usesIndex && term.tokens.length === 1 && !(term.prefix && prefixes === 'verified'))
      excluded.push(...indexWords(term))
    else toVerify.push(term)
  }
  const minSeverity = floor === search.minSeverityNumber ? 0 : search.minSeverityNumber
  const plan = { required, excluded, services: search.services }
  if (toVerify.length === 0 && minSeverity === 0) return plan
  const verify = (record: LogRecord) =>
    record.severityNumber >= minSeverity && (toVerify.length === 0 || matchesTokens(toVerify, searchableText(record)))
  return { ...plan, verify }
}

/**
 * The plan as an FTS5 expression for a file, every word quoted: nothing in a search is ever read as an operator.
 *
 * @param numberOf of a service in the file
 * @returns `all` where the index is not needed, `none` where the file can have no match
 */
export function matchExpression(plan: SearchPlan, numberOf: (service: string) => number | undefined): Match {
  const parts = [...plan.required]
  if (plan.services.length > 0) {
    const numbers = plan.services.map(numberOf).filter((no) => no !== undefined)
    if (numbers.length === 0) return { kind: 'none' }
    parts.push(`(${numbers.map((no) => quoted(serviceWord(no))).join(' OR ')})`)
  }
  if (parts.length === 0) return { kind: 'all' }
  const found = parts.join(' AND ')
  if (plan.excluded.length === 0) return { kind: 'expression', text: found }
  return { kind: 'expression', text: `(${found}) NOT (${plan.excluded.join(' OR ')})` }
}

export type Match =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'expression'; readonly text: string }

function indexWords(term: TermTokens): string[] {
  const last = term.tokens.length - 1
  return term.tokens.map((token, i) => quoted(wordCode(token)) + (term.prefix && i === last ? '*' : ''))
}

function quoted(word: string): string {
  return `"${word}"`
}

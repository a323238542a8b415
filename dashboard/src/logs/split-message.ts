export interface MessagePart {
  readonly text: string
  /** `variable`: a number or id, drawn dimmed; `match`: what was searched for. */
  readonly kind: 'plain' | 'variable' | 'match'
}

/** Longer messages are cut in a row; the open line has them whole. Characters */
const MAX_ROW_LENGTH = 600

/** Words, and the punctuation and space between them. Slashes part words, so that a path keeps its fixed segments. */
const WORDS = /[\p{L}\p{N}_.,:-]+|[^\p{L}\p{N}_.,:-]+/gu
/** An id without a digit: a prefix, then letters of both cases, as in `ord_hsFZxLZa`. */
const MIXED_ID = /^\p{L}+_(?=\p{L}*\p{Lu})(?=\p{L}*\p{Ll})\p{L}{6,}$/u
const UNITS = new Set(['ms', 's', 'µs', 'kB', 'MB', 'GB', 'B', '%', 'min', 'h'])

/**
 * A message in parts: what varies from line to line apart from the sentence around it, and matches of the search marked.
 * Words with a digit and mixed ids count as varying, and the unit after a number with it.
 */
export function splitMessage(message: string, terms: readonly string[]): MessagePart[] {
  const text = message.length > MAX_ROW_LENGTH ? `${message.slice(0, MAX_ROW_LENGTH)}…` : message
  const parts: MessagePart[] = []
  let afterNumber = false
  for (const [word] of text.replace(/\s*\n\s*/g, ' ⏎ ').matchAll(WORDS)) {
    const bare = word.replace(/[.,:-]+$/, '')
    const varies: boolean = /\p{N}/u.test(bare) || MIXED_ID.test(bare) || (afterNumber && UNITS.has(bare))
    if (varies) {
      push(parts, bare, 'variable')
      push(parts, word.slice(bare.length), 'plain')
    } else {
      push(parts, word, 'plain')
    }
    if (/\S/.test(word)) afterNumber = varies && /^[\d.,]+$/.test(bare)
  }
  return terms.length === 0 ? parts : parts.flatMap((part) => marked(part, terms))
}

function push(parts: MessagePart[], text: string, kind: MessagePart['kind']): void {
  if (text === '') return
  const last = parts.at(-1)
  if (last?.kind === kind) parts[parts.length - 1] = { text: last.text + text, kind }
  else parts.push({ text, kind })
}

function marked(part: MessagePart, terms: readonly string[]): MessagePart[] {
  const lower = part.text.toLowerCase()
  const found: MessagePart[] = []
  let at = 0
  while (at < part.text.length) {
    const next = terms
      .map((term) => ({ term, index: lower.indexOf(term, at) }))
      .filter(({ index }) => index !== -1)
      .toSorted((a, b) => a.index - b.index || b.term.length - a.term.length)[0]
    if (!next) break
    push(found, part.text.slice(at, next.index), part.kind)
    push(found, part.text.slice(next.index, next.index + next.term.length), 'match')
    at = next.index + next.term.length
  }
  push(found, part.text.slice(at), part.kind)
  return found
}

/** The words of a search that are worth marking, in lower case: no negated ones, no stars, phrases whole. */
export function searchTerms(text: string): string[] {
  const terms: string[] = []
  for (const [, minus, phrase, word] of text.matchAll(/(-?)(?:"([^"]*)"|([^\s"]+))/g)) {
    const term = (phrase ?? word ?? '').replace(/\*+$/, '').toLowerCase()
    if (minus === '' && term !== '') terms.push(term)
  }
  return terms
}

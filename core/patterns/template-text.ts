import { kindAt, type StoredForm, spaceBefore, stopAfter } from './stored-form.ts'
import { align, type Symbols, WILDCARD } from './symbols.ts'
import { ANY, EMPTY, joinKinds, VARIABLE_KINDS } from './variable-kind.ts'
import type { Vocabulary } from './vocabulary.ts'

const PERIOD = -46
/** Forms asked for the kinds of a wildcard; more would seldom change the answer. */
const MAX_FORMS_READ = 32

/**
 * A template as text: the words and spaces of its most frequent form, and a wildcard for each variable, typed where all its
 * values are of one kind: `GET <path> took <duration>`.
 *
 * @param forms those of the template, the most frequent first
 */
export function templateText(template: Symbols, forms: readonly StoredForm[], vocabulary: Vocabulary): string {
  const first = forms[0]
  if (!first) return ''
  const kinds = wildcardKinds(template, forms)
  const spans = align(template, first.symbols) ?? []
  let text = ''
  let wildcard = 0
  let at = 0
  const brackets: number[] = []
  for (const symbol of template) {
    const opening = OPENING.get(symbol)
    if (opening !== undefined && brackets.pop() !== opening) {
      // Of `10.0.0.1 (host)`, one value, the end is left.
      at++
      continue
    }
    if (symbol === -40 || symbol === -91 || symbol === -123) brackets.push(symbol)
    if (text !== '' && spaceBefore(first, at)) text += ' '
    if (symbol === WILDCARD) {
      const kind = kinds[wildcard] as number
      text += kind === EMPTY ? '' : `<${VARIABLE_KINDS[kind]}>`
      const end = spans[wildcard * 2 + 1] ?? at + 1
      text += stopAfter(first, end - 1)
      at = end
      wildcard++
    } else {
      text += symbol > 0 ? vocabulary.wordOf(symbol) + stopAfter(first, at) : separatorText(symbol)
      at++
    }
  }
  return text
}

const OPENING = new Map([
  [-41, -40],
  [-93, -91],
  [-125, -123],
])

function separatorText(symbol: number): string {
  return symbol === PERIOD ? '...' : String.fromCharCode(-symbol)
}

function wildcardKinds(template: Symbols, forms: readonly StoredForm[]): number[] {
  const kinds: number[] = []
  for (const form of forms.slice(0, MAX_FORMS_READ)) {
    const spans = align(template, form.symbols)
    if (!spans) continue
    for (let i = 0; i < spans.length; i += 2) {
      const start = spans[i] as number
      const kind = spans[i + 1] === start + 1 ? kindAt(form, start) : ANY
      const known = kinds[i / 2]
      kinds[i / 2] = known === undefined ? kind : joinKinds(known, kind)
    }
  }
  return template.length > 0 && kinds.length === 0 ? Array.from(template, () => ANY) : kinds
}

import type { LineMask } from './line-mask.ts'

/**
 * A masked line as numbers: a word is its id in the vocabulary (1 and up), a variable 0, a punctuation character its
 * code, negative. A wildcard of a template is a 0 too.
 */
export type Symbols = Int32Array

export const WILDCARD = 0

/** Wildcards with nothing but punctuation between them are one, as in a line that is read. */
export function collapse(symbols: Symbols): Symbols {
  const out = new Int32Array(symbols.length)
  let length = 0
  let lastWildcard = -1
  for (const symbol of symbols) {
    if (symbol === WILDCARD) {
      if (lastWildcard >= 0) {
        length = lastWildcard + 1
        continue
      }
      lastWildcard = length
    } else if (symbol > 0) lastWildcard = -1
    out[length++] = symbol
  }
  return length === symbols.length ? symbols : out.slice(0, length)
}

/** Equal for equal symbols; of 53 bits. */
export function symbolsKey(symbols: Symbols): number {
  let a = 0x9747b28c
  let b = 0x3c6ef372
  for (const symbol of symbols) {
    a = Math.imul(a ^ symbol, 0x5bd1e995)
    a ^= a >>> 15
    b = Math.imul(b ^ symbol, 0x27d4eb2f)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x20_0000 + (b >>> 11)
}

/**
 * Lines that differ only in words and values, slot for slot, have the same layout.
 *
 * @param separatorAt the punctuation character at a position, negative; 0 for a word or a variable
 */
function layoutHash(length: number, separatorAt: (at: number) => number): number {
  let a = length
  let b = 0x3c6ef372
  for (let at = 0; at < length; at++) {
    const symbol = separatorAt(at)
    a = Math.imul(a ^ symbol, 0x5bd1e995)
    a ^= a >>> 15
    b = Math.imul(b ^ symbol, 0x27d4eb2f)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x20_0000 + (b >>> 11)
}

export function layoutKey(symbols: Symbols): number {
  return layoutHash(symbols.length, (at) => Math.min(symbols[at] as number, 0))
}

/** The layout of the line that `mask` holds. */
export function maskLayoutKey(mask: LineMask): number {
  return layoutHash(mask.length, (at) => -Math.max(mask.codes[at] as number, 0))
}

/**
 * What each wildcard of `template` stands for in `symbols`: pairs of first and past-the-last index; undefined if it does
 * not match. A wildcard takes at least one symbol, and as few as possible.
 */
export function align(template: Symbols, symbols: Symbols): number[] | undefined {
  const spans: number[] = []
  const budget = { steps: MAX_ALIGN_STEPS }
  return alignFrom(template, 0, symbols, 0, spans, budget) ? spans : undefined
}

const MAX_ALIGN_STEPS = 20_000

function alignFrom(
  template: Symbols,
  t: number,
  symbols: Symbols,
  s: number,
  spans: number[],
  budget: { steps: number },
): boolean {
  while (t < template.length && template[t] !== WILDCARD) {
    if (template[t] !== symbols[s]) return false
    t++
    s++
  }
  if (t === template.length) return s === symbols.length
  for (let end = s + 1; end <= symbols.length; end++) {
    if (--budget.steps < 0) return false
    spans.push(s, end)
    if (alignFrom(template, t + 1, symbols, end, spans, budget)) return true
    spans.length -= 2
  }
  return false
}

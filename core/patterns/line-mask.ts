import {
  APOSTROPHE,
  BACKSLASH_CHAR,
  BREAKS,
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  DIGIT,
  EQUALS,
  FIRST_HASH,
  GREATER,
  hashCharacter,
  INNER,
  isWordChar,
  LESS,
  LETTER,
  LOWER,
  NOT_HEX,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  PERIOD,
  QUOTE,
  SEPARATOR,
  SLASH_CHAR,
  SPACE,
  TRAITS,
} from './characters.ts'
import {
  addressEnd,
  closingQuote,
  digitKind,
  endsValue,
  isMessageKey,
  isPathStart,
  isQuotedNumber,
  isStop,
  isTrailing,
  lettersKind,
  NOT_A_VALUE,
  wordListEnd,
} from './value-shape.ts'
import { ADDRESS, ANY, EMPTY, NUMBER, PATH, runKind, STRING, URL_KIND } from './variable-kind.ts'

export const WORD = -1
export const VARIABLE = -2

/** Symbols kept of a line; the rest becomes one wildcard. */
export const MAX_SYMBOLS = 160
/** Characters read of a line; the rest becomes one wildcard. */
export const MAX_LINE_CHARS = 4096

/**
 * A line cut into words, punctuation and variables, in one pass over its characters and without regular expressions.
 *
 * Words are cut at white space and at `:=,;()[]{}<>"'|` and the back tick. What cannot be the text of a logging statement is
 * a variable: words with digits, paths, URLs, e-mail addresses, host names, dates, booleans, empty values (`user=`, `()`),
 * quoted text after `=` or `:`, the unit after a value. Variables with nothing but punctuation between them are one
 * variable, so that a list of any length reads the same. One instance is used for all lines: it holds the last one.
 */
export class LineMask {
  /** Per symbol: `WORD`, `VARIABLE`, or the code of a punctuation character. */
  readonly codes = new Int32Array(MAX_SYMBOLS + 2)
  readonly starts = new Int32Array(MAX_SYMBOLS + 2)
  readonly ends = new Int32Array(MAX_SYMBOLS + 2)
  /** Kinds of variables; 0 for the other symbols. */
  readonly kinds = new Uint8Array(MAX_SYMBOLS + 2)
  length = 0
  /** 64 bits over words and punctuation: lines with the same hash have the same masked form. */
  hashA = 0
  hashB = 0
  /** 32 bits over the kinds of the variables. */
  kindsHash = 0

  private readonly wordHashes = new Int32Array(MAX_SYMBOLS + 2)
  private readonly wordHashesB = new Int32Array(MAX_SYMBOLS + 2)
  private lastVariable = -1
  /** The variable before the last one; what lies between them is a group that may repeat. */
  private groupStart = -1

  read(line: string): void {
    const end = Math.min(line.length, MAX_LINE_CHARS)
    this.length = 0
    this.lastVariable = -1
    this.groupStart = -1
    let at = 0
    while (at < end) {
      const code = line.charCodeAt(at)
      const broken = code < 128 ? BREAKS[code] : INNER
      if (broken === SPACE) {
        at++
        continue
      }
      if (this.length >= MAX_SYMBOLS) {
        this.addVariable(ANY, at, line.length)
        break
      }
      at = broken === SEPARATOR ? this.separator(line, at, end, code) : this.word(line, at, end, code)
    }
    if (end < line.length && this.lastVariable !== this.length - 1) this.addVariable(ANY, end, line.length)
    this.hash()
  }

  private separator(line: string, at: number, end: number, code: number): number {
    const next = at + 1 < end ? line.charCodeAt(at + 1) : 32
    const before = at > 0 ? line.charCodeAt(at - 1) : 32
    if (code === QUOTE && (before === EQUALS || before === COLON) && !isMessageKey(line, at - 1)) {
      const close = closingQuote(line, at + 1, end)
      if (close > 0) {
        this.addSeparator(code, at)
        if (close === at + 1) this.addVariable(EMPTY, close, close)
        else this.addVariable(isQuotedNumber(line, at + 1, close) ? NUMBER : STRING, at + 1, close)
        this.addSeparator(code, close)
        return close + 1
      }
    }
    if (code === COLON && next === COLON && !isWordChar(before)) {
      const addressed = addressEnd(line, at, end)
      if (addressed > 0) {
        this.addVariable(ADDRESS, at, addressed)
        return addressed
      }
    }
    if (code === APOSTROPHE && isWordChar(before) && isWordChar(next)) return at + 1
    // `<1 sec`, `>90%`: a bound is part of the value.
    if ((code === LESS || code === GREATER) && before <= 32 && next >= 48 && next <= 57) return at + 1
    this.addSeparator(code, at)
    if (code === OPEN_ROUND || code === OPEN_SQUARE || code === OPEN_CURLY) {
      const close = wordListEnd(line, at + 1, end)
      if (close > 0) {
        this.addVariable(ANY, at + 1, close)
        return close
      }
    }
    if (code === EQUALS && isWordChar(before) && endsValue(next)) this.addVariable(EMPTY, at + 1, at + 1)
    if ((code === OPEN_ROUND && next === CLOSE_ROUND) || (code === OPEN_SQUARE && next === CLOSE_SQUARE)) {
      if (before <= 32) this.addVariable(EMPTY, at + 1, at + 1)
    }
    return at + 1
  }

  private word(line: string, start: number, end: number, first: number): number {
    if (isPathStart(line, start, end, first)) return this.path(line, start, end, PATH)
    const addressed = addressEnd(line, start, end)
    if (addressed > 0) {
      this.addVariable(ADDRESS, start, addressed)
      return addressed
    }
    let traits = 0
    let dots = 0
    let hashA = FIRST_HASH
    let hashB = 0
    let at = start
    for (; at < end; at++) {
      const code = line.charCodeAt(at)
      if (code >= 128) {
        traits |= LOWER | NOT_HEX
      } else {
        const broken = BREAKS[code] as number
        if (broken !== INNER) {
          if (code === APOSTROPHE && at > start && isWordChar(line.charCodeAt(at - 1)) && at + 1 < end) {
            if (isWordChar(line.charCodeAt(at + 1))) continue
          }
          break
        }
        if (code === PERIOD) {
          if (at + 1 < end && line.charCodeAt(at + 1) === PERIOD) break
          dots++
        }
        traits |= TRAITS[code] as number
      }
      hashA = hashCharacter(hashA, code)
      hashB = (Math.imul(hashB, 31) + code) | 0
    }
    if (at === start) {
      while (at < end && line.charCodeAt(at) === PERIOD) at++
      this.addSeparator(PERIOD, start)
      return at
    }
    if (at < end && line.charCodeAt(at) === COLON) {
      const schemed = line.charCodeAt(at + 1) === SLASH_CHAR && line.charCodeAt(at + 2) === SLASH_CHAR
      if (schemed && at + 3 < end && line.charCodeAt(at + 3) > 32) return this.path(line, start, end, URL_KIND)
      if (at === start + 1 && line.charCodeAt(at + 1) === BACKSLASH_CHAR) return this.path(line, start, end, PATH)
    }
    let wordEnd = at
    while (wordEnd > start + 1 && isStop(line.charCodeAt(wordEnd - 1))) wordEnd--
    if (wordEnd < at) {
      if (line.charCodeAt(wordEnd) === PERIOD) dots--
      hashA = FIRST_HASH
      hashB = 0
      for (let i = start; i < wordEnd; i++) {
        const code = line.charCodeAt(i)
        hashA = hashCharacter(hashA, code)
        hashB = (Math.imul(hashB, 31) + code) | 0
      }
    }
    if (!(traits & (LETTER | DIGIT)) && isRunOf(line, start, wordEnd, first)) {
      this.addSeparator(first, start)
      this.ends[this.length - 1] = wordEnd
      return at
    }
    const kind = this.kindOf(line, start, wordEnd, traits, dots, at, end, hashA)
    if (kind >= 0) this.addVariable(kind, start, wordEnd)
    else {
      const i = this.length++
      this.codes[i] = WORD
      this.starts[i] = start
      this.ends[i] = wordEnd
      this.kinds[i] = 0
      this.wordHashes[i] = hashA
      this.wordHashesB[i] = hashB
    }
    return at
  }

  private kindOf(
    line: string,
    start: number,
    end: number,
    traits: number,
    dots: number,
    next: number,
    lineEnd: number,
    hash: number,
  ): number {
    if (traits & DIGIT) return digitKind(line, start, end, traits, dots)
    if (!(traits & LETTER)) return NOT_A_VALUE
    const last = this.lastVariable
    const besideValue = last >= 0 && last === this.length - 1 && onlySpaces(line, this.ends[last] as number, start)
    return lettersKind(line, start, end, traits, dots, next, lineEnd, besideValue, hash)
  }

  private path(line: string, start: number, end: number, kind: number): number {
    let at = start
    let depth = 0
    for (; at < end; at++) {
      const code = line.charCodeAt(at)
      if (code <= 32 || code === QUOTE || code === APOSTROPHE || code === GREATER || code === LESS || code === 124)
        break
      if (code === OPEN_ROUND || code === OPEN_SQUARE || code === OPEN_CURLY) depth++
      else if (code === CLOSE_ROUND || code === CLOSE_SQUARE || code === CLOSE_CURLY) {
        if (depth === 0) break
        depth--
      }
    }
    let wordEnd = at
    while (wordEnd > start + 1 && isTrailing(line.charCodeAt(wordEnd - 1))) wordEnd--
    this.addVariable(kind, start, wordEnd)
    return wordEnd
  }

  private addSeparator(code: number, at: number): void {
    const i = this.length++
    this.codes[i] = code
    this.starts[i] = at
    this.ends[i] = at + 1
    this.kinds[i] = 0
  }

  /** A variable right after another, or with nothing but punctuation between, becomes part of it. */
  private addVariable(kind: number, start: number, end: number): void {
    const last = this.lastVariable
    if (last >= 0 && this.onlyPunctuationSince(last)) {
      const glue = this.length - last === 2 && this.starts[last + 1] === this.ends[last] ? this.codes[last + 1] : 0
      this.kinds[last] = runKind(this.kinds[last] as number, kind, glue as number)
      this.ends[last] = end
      this.length = last + 1
      return
    }
    if (this.repeatsLastGroup()) {
      this.kinds[last] = runKind(this.kinds[last] as number, kind, 0)
      this.ends[last] = end
      this.length = last + 1
      return
    }
    const i = this.length++
    this.codes[i] = VARIABLE
    this.starts[i] = start
    this.ends[i] = end
    this.kinds[i] = kind
    this.groupStart = last
    this.lastVariable = i
  }

  /** Whether what stands since the last variable stood between the two before too: `a <ok> b <ok> c <ok>` is a list. */
  private repeatsLastGroup(): boolean {
    const size = this.length - this.lastVariable
    const start = this.lastVariable - size
    if (start < 0 || this.groupStart !== start || size < 2) return false
    for (let i = 1; i < size; i++) {
      const a = start + i
      const b = this.lastVariable + i
      if (this.codes[a] !== this.codes[b]) return false
      if (this.codes[a] === WORD && this.wordHashes[a] !== this.wordHashes[b]) return false
    }
    return true
  }

  private onlyPunctuationSince(last: number): boolean {
    for (let i = this.length - 1; i > last; i--) if (this.codes[i] === WORD) return false
    return true
  }

  private hash(): void {
    let a = 0x9747b28c
    let b = 0x3c6ef372
    let kinds = 0
    for (let i = 0; i < this.length; i++) {
      const code = this.codes[i] as number
      if (code === WORD) {
        a = Math.imul(a ^ (this.wordHashes[i] as number), 0x5bd1e995)
        b = Math.imul(b ^ (this.wordHashesB[i] as number), 0x27d4eb2f)
      } else {
        a = Math.imul(a ^ (code + 7), 0x5bd1e995)
        b = Math.imul(b ^ (code + 131), 0x27d4eb2f)
        if (code === VARIABLE) kinds = (Math.imul(kinds, 31) + (this.kinds[i] as number)) | 0
      }
      a ^= a >>> 15
      b ^= b >>> 13
    }
    this.hashA = a | 0
    this.hashB = b | 0
    this.kindsHash = kinds
  }
}

/** `-`, `***`, `====`: punctuation, not a word. */
function isRunOf(line: string, start: number, end: number, code: number): boolean {
  for (let at = start + 1; at < end; at++) if (line.charCodeAt(at) !== code) return false
  return true
}

function onlySpaces(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (line.charCodeAt(at) !== 32) return false
  return true
}

import {
  AT,
  BACKSLASH,
  BACKSLASH_CHAR,
  BREAKS,
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  COMMA,
  DIGIT,
  DOT,
  EQUALS,
  HYPHEN,
  INNER,
  isWordChar,
  LETTER,
  MINUS,
  NOT_HEX,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  OTHER,
  PERIOD,
  QUOTE,
  SEMICOLON,
  SLASH,
  SLASH_CHAR,
  TILDE,
  TRAITS,
  UNDERSCORE,
  UPPER,
} from './characters.ts'
import {
  ADDRESS,
  ANY,
  BOOLEAN,
  DURATION,
  EMAIL,
  HEX,
  HOST,
  ID,
  NUMBER,
  PATH,
  SIZE,
  TIME,
  UUID,
} from './variable-kind.ts'
import { mayBeValueWord, SWITCHES, wordValueKind } from './word-value.ts'

export const NOT_A_VALUE = -1

const TOP_LEVELS = new Set(
  'com net org edu gov mil int info biz io de uk jp cn tw hk kr fr it nl ru br in au ca eu us local lan internal arpa'.split(
    ' ',
  ),
)
/** `com.example.mail` is a package: its name begins where a host's ends. */
const REVERSED = new Set(['com', 'net', 'org', 'edu', 'io', 'java', 'javax', 'android'])
const MESSAGE_KEYS = new Set(['msg', 'message', 'event', 'log', 'text', 'body'])
const LONGEST_MESSAGE_KEY = 7
const MAX_LIST_CHARS = 512
const MAX_ADDRESS_CHARS = 45

/**
 * The kind of variable that a word without digits is, or `NOT_A_VALUE` for a word of the statement.
 *
 * @param next        where the line goes on behind the word and its full stop
 * @param besideValue whether nothing but spaces stands between it and a variable before it
 * @param hash        of the word, by `hashCharacter`
 */
export function lettersKind(
  line: string,
  start: number,
  end: number,
  traits: number,
  dots: number,
  next: number,
  lineEnd: number,
  besideValue: boolean,
  hash: number,
): number {
  const length = end - start
  if (traits & AT && length > 2) {
    const sign = line.indexOf('@', start)
    if (sign > start && sign < end - 1) return EMAIL
  }
  if (traits & BACKSLASH && length > 2) return PATH
  if (traits & SLASH && (dots >= 2 || slashes(line, start, end) >= 2)) return PATH
  if ((dots > 0 || length === 9) && !(traits & (UPPER | OTHER | SLASH)) && isHostName(line, start, end)) return HOST
  if (!(traits & NOT_HEX) && (traits & LETTER) !== LETTER && length >= (isValueMark(line, start) ? 6 : 8)) return HEX
  if (!mayBeValueWord(hash)) return NOT_A_VALUE
  const value = wordValueKind(line, start, end)
  if (value === BOOLEAN)
    return isSwitch(line, start, end) && !isAnswer(line, start, next, lineEnd) ? NOT_A_VALUE : BOOLEAN
  if (value === TIME) return besideValue || startsNumber(line, next, lineEnd) ? TIME : NOT_A_VALUE
  return besideValue && value !== 0 ? value : NOT_A_VALUE
}

/** The kind of variable that a word with digits is. */
export function digitKind(line: string, start: number, end: number, traits: number, dots: number): number {
  const length = end - start
  if (traits & AT) return EMAIL
  if (traits & (SLASH | BACKSLASH)) return traits & LETTER ? PATH : ANY
  if (!(traits & (LETTER | HYPHEN | UNDERSCORE))) {
    if (dots === 3) return ADDRESS
    return dots <= 1 ? NUMBER : ID
  }
  if (!(traits & (LETTER | UNDERSCORE))) {
    const first = line.charCodeAt(start)
    if (first === MINUS && line.indexOf('-', start + 1) >= end) return NUMBER
    if (first === MINUS) return ID
    return length === 10 && line.charCodeAt(start + 4) === MINUS && line.charCodeAt(start + 7) === MINUS ? TIME : ID
  }
  if (line.charCodeAt(start) === 48 && (line.charCodeAt(start + 1) | 32) === 120) return HEX
  if (!(traits & NOT_HEX)) {
    if (length === 36 && traits & HYPHEN) return UUID
    if (!(traits & HYPHEN) && length >= 6) return HEX
    return ID
  }
  if (length >= 19 && line.charCodeAt(start + 4) === MINUS && line.charCodeAt(start + 10) === 84) return TIME
  if (dots > 0 && !(traits & (UPPER | OTHER)) && isHostName(line, start, end)) return HOST
  return suffixKind(line, start, end)
}

/** `12ms`, `1.5GB`: a number with its unit glued to it. */
function suffixKind(line: string, start: number, end: number): number {
  let at = start
  while (at < end && ((TRAITS[line.charCodeAt(at)] ?? OTHER) & (DIGIT | DOT)) !== 0) at++
  if (at === start || end - at > 4) return ID
  const unit = wordValueKind(line, at, end)
  return unit === SIZE || unit === DURATION ? unit : ID
}

/** Whether `msg`, `message`, ... stands before `end`, perhaps in quotes: what follows is the statement's text, not a value. */
export function isMessageKey(line: string, end: number): boolean {
  let to = end
  if (to > 0 && line.charCodeAt(to - 1) === QUOTE) to--
  let from = to
  while (from > 0 && isWordChar(line.charCodeAt(from - 1)) && to - from <= LONGEST_MESSAGE_KEY) from--
  return MESSAGE_KEYS.has(line.slice(from, to).toLowerCase())
}

/** After `=`, `:`, `@`, `{` or `[` stands a value more often than a word. */
function isValueMark(line: string, start: number): boolean {
  const before = start > 0 ? line.charCodeAt(start - 1) : 32
  return before === EQUALS || before === COLON || before === OPEN_CURLY || before === OPEN_SQUARE
}

/** End of `00:1b:44:11:3a:b7`, `fe80::1` or `::ffff:10.0.0.1`; 0 if no such address begins at `start`. */
export function addressEnd(line: string, start: number, end: number): number {
  let at = start
  let groups = 0
  let digits = 0
  let doubled = false
  while (at < end && at - start <= MAX_ADDRESS_CHARS) {
    const from = at
    while (at < end && isHexDigit(line.charCodeAt(at))) {
      if (line.charCodeAt(at) <= 57) digits++
      at++
    }
    const length = at - from
    if (length > 4) return 0
    if (length > 0) groups++
    if (at >= end || line.charCodeAt(at) !== COLON) break
    if (line.charCodeAt(at + 1) === COLON) {
      if (doubled) return 0
      doubled = true
      at += 2
    } else {
      if (length !== 2 && length !== 4 && !doubled) return 0
      at++
    }
  }
  if (doubled && line.charCodeAt(at) === PERIOD) {
    while (at < end && (isDigit(line.charCodeAt(at)) || line.charCodeAt(at) === PERIOD)) at++
  } else if (!doubled && (groups < 6 || groups > 8)) return 0
  if (
    (digits === 0 && groups !== 6) ||
    line.charCodeAt(at - 1) === COLON ||
    (at < end && isWordChar(line.charCodeAt(at)))
  )
    return 0
  return at
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isHexDigit(code: number): boolean {
  return code < 128 && ((TRAITS[code] as number) & (DIGIT | LETTER)) !== 0 && ((TRAITS[code] as number) & NOT_HEX) === 0
}

/** `yes`, `no`, `on`, `off` are words of a sentence, unless they answer: `required: no`, `sync=off`. */
function isSwitch(line: string, start: number, end: number): boolean {
  return end - start <= 3 && SWITCHES.has(line.slice(start, end).toLowerCase())
}

function isAnswer(line: string, start: number, next: number, lineEnd: number): boolean {
  let before = start - 1
  while (before >= 0 && line.charCodeAt(before) === 32) before--
  const mark = before >= 0 ? line.charCodeAt(before) : 32
  if (mark !== EQUALS && mark !== COLON && mark !== OPEN_ROUND && !endsInSwitch(line, before + 1)) return false
  let after = next
  while (after < lineEnd && line.charCodeAt(after) === 32) after++
  if (after >= lineEnd || !isWordChar(line.charCodeAt(after))) return true
  let word = after
  while (word < lineEnd && isWordChar(line.charCodeAt(word))) word++
  return isSwitch(line, after, word)
}

function endsInSwitch(line: string, end: number): boolean {
  let start = end
  while (start > 0 && isWordChar(line.charCodeAt(start - 1))) start--
  return isSwitch(line, start, end)
}

/** Where the brackets opened before `from` close, if they hold two or more single words with commas between; else 0. */
export function wordListEnd(line: string, from: number, end: number): number {
  const limit = Math.min(end, from + MAX_LIST_CHARS)
  let commas = 0
  let inWord = false
  let spaced = false
  for (let at = from; at < limit; at++) {
    const code = line.charCodeAt(at)
    if (code === COMMA) {
      if (!inWord && !spaced) return 0
      commas++
      inWord = spaced = false
    } else if (code === 32) {
      if (inWord) spaced = true
      inWord = false
    } else if (code === CLOSE_ROUND || code === CLOSE_SQUARE || code === CLOSE_CURLY) {
      return commas > 0 && (inWord || spaced) ? at : 0
    } else {
      if (spaced || (code < 128 && BREAKS[code] !== INNER)) return 0
      inWord = true
    }
  }
  return 0
}

export function isQuotedNumber(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = line.charCodeAt(at)
    if ((code < 48 || code > 57) && code !== PERIOD && code !== MINUS) return false
  }
  return true
}

export function closingQuote(line: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const code = line.charCodeAt(at)
    if (code === BACKSLASH_CHAR) at++
    else if (code === QUOTE) return at
  }
  return -1
}

export function endsValue(code: number): boolean {
  return code <= 32 || code === COMMA || code === SEMICOLON || code === CLOSE_ROUND || code === CLOSE_SQUARE
}

export function isStop(code: number): boolean {
  return code === PERIOD || code === 33 || code === 63
}

export function isTrailing(code: number): boolean {
  return code === COLON || code === COMMA || code === SEMICOLON || isStop(code)
}

export function isPathStart(line: string, start: number, end: number, first: number): boolean {
  if (first === SLASH_CHAR)
    return (start + 1 < end && line.charCodeAt(start + 1) > 32) || line.charCodeAt(start - 1) === EQUALS
  if (first !== TILDE && first !== PERIOD) return false
  return start + 2 < end && line.charCodeAt(start + 1) === SLASH_CHAR && line.charCodeAt(start + 2) > 32
}

function slashes(line: string, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) if (line.charCodeAt(at) === SLASH_CHAR) count++
  return count
}

/** Whether the next word begins with a digit: `Jun 14`, `Mon Jun 14` is seen from `Jun`. */
function startsNumber(line: string, from: number, end: number): boolean {
  let at = from
  while (at < end && (line.charCodeAt(at) === 32 || line.charCodeAt(at) === COMMA)) at++
  if (at >= end || at === from) return false
  const code = line.charCodeAt(at)
  if (code >= 48 && code <= 57) return true
  let wordEnd = at
  while (wordEnd < end && isWordChar(line.charCodeAt(wordEnd))) wordEnd++
  return wordEnd > at && wordValueKind(line, at, wordEnd) === TIME && startsNumber(line, wordEnd, end)
}

/** `mail.example.com`, but not `com.example.mail` (a package) nor `server.conf` (a file). */
function isHostName(line: string, start: number, end: number): boolean {
  const word = line.slice(start, end)
  if (word === 'localhost') return true
  const last = word.lastIndexOf('.')
  if (last < 0) return false
  const country = word.length - last === 3 && word.indexOf('.') < last
  if (!country && !TOP_LEVELS.has(word.slice(last + 1))) return false
  return !REVERSED.has(word.slice(0, word.indexOf('.')))
}

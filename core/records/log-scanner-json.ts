const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const UPPER_E = 0x45
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const LOWER_E = 0x65
const LOWER_U = 0x75
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Answer of every function here for bytes that are not JSON, or that it does not want to judge. */
export const UNSURE = -1

const MAX_DEPTH = 16
const ENDS_PLAIN_TEXT = new Uint8Array(256).fill(1, 0, SPACE)
ENDS_PLAIN_TEXT[QUOTE] = 1
ENDS_PLAIN_TEXT[BACKSLASH] = 1
const MAY_BE_ESCAPED = new Uint8Array(256)
for (const letter of '"\\/bfnrt') MAY_BE_ESCAPED[letter.charCodeAt(0)] = 1
const LITERALS = new Map(['true', 'false', 'null'].map((text) => [text.charCodeAt(0), new TextEncoder().encode(text)]))

export function afterSpace(view: DataView, from: number, end: number): number {
  let at = from
  while (at < end) {
    const byte = view.getUint8(at)
    if (byte > SPACE || (byte !== SPACE && byte !== LINE_FEED && byte !== TAB && byte !== CARRIAGE_RETURN)) return at
    at++
  }
  return at
}

/**
 * @param from where the text's opening quote stands
 * @returns the place after its closing quote. Bytes that are not UTF-8 are let through, as TextDecoder does.
 */
export function afterText(view: DataView, from: number, end: number): number {
  let at = from + 1
  for (;;) {
    while (at + 4 <= end && isPlainText(view.getInt32(at, true))) at += 4
    while (at < end && ENDS_PLAIN_TEXT[view.getUint8(at)] === 0) at++
    if (at >= end) return UNSURE
    const byte = view.getUint8(at)
    if (byte === QUOTE) return at + 1
    if (byte !== BACKSLASH) return UNSURE
    at = afterEscape(view, at, end)
    if (at === UNSURE) return UNSURE
  }
}

/**
 * Whether four bytes at once hold no quote, backslash or control character; by the test for a zero byte of Warren,
 * Hacker's Delight, 6-1. May say no of a plain one behind one that is not, never yes of one that is not plain.
 */
function isPlainText(word: number): boolean {
  const quotes = word ^ 0x22222222
  const backslashes = word ^ 0x5c5c5c5c
  const found =
    ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word)
  return (found & 0x80808080) === 0
}

/** A number by JSON's grammar: no leading zeros, digits on both sides of the dot. */
export function afterNumber(view: DataView, from: number, end: number): number {
  let at = from
  if (at < end && view.getUint8(at) === MINUS) at++
  const whole = at
  at = afterDigits(view, at, end)
  if (at === whole || (view.getUint8(whole) === ZERO && at > whole + 1)) return UNSURE
  if (at < end && view.getUint8(at) === DOT) {
    const fraction = at + 1
    at = afterDigits(view, fraction, end)
    if (at === fraction) return UNSURE
  }
  if (at < end && (view.getUint8(at) === LOWER_E || view.getUint8(at) === UPPER_E)) {
    at++
    if (at < end && (view.getUint8(at) === PLUS || view.getUint8(at) === MINUS)) at++
    const exponent = at
    at = afterDigits(view, exponent, end)
    if (at === exponent) return UNSURE
  }
  return at
}

export function afterDigits(view: DataView, from: number, end: number): number {
  let at = from
  while (at + 4 <= end && areDigits(view.getInt32(at, true))) at += 4
  while (at < end && view.getUint8(at) >= ZERO && view.getUint8(at) <= NINE) at++
  return at
}

/** Whether four bytes are digits all. */
export function areDigits(word: number): boolean {
  return ((word & 0xf0f0f0f0) | (((word + 0x06060606) & 0xf0f0f0f0) >>> 4) | 0) === 0x33333333
}

/** A text, number, true, false or null. */
export function afterScalar(view: DataView, at: number, end: number): number {
  if (at >= end) return UNSURE
  const byte = view.getUint8(at)
  if (byte === QUOTE) return afterText(view, at, end)
  if ((byte >= ZERO && byte <= NINE) || byte === MINUS) return afterNumber(view, at, end)
  const literal = LITERALS.get(byte)
  if (literal === undefined || at + literal.length > end) return UNSURE
  for (let i = 1; i < literal.length; i++) if (view.getUint8(at + i) !== literal[i]) return UNSURE
  return at + literal.length
}

/** Any value; UNSURE too where objects and arrays lie more than 16 deep. */
export function afterValue(view: DataView, at: number, end: number, depth = 0): number {
  if (at < end && view.getUint8(at) === OPEN_BRACE) return afterMembers(view, at, end, depth)
  if (at < end && view.getUint8(at) === OPEN_BRACKET) return afterElements(view, at, end, depth)
  return afterScalar(view, at, end)
}

function afterMembers(view: DataView, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return UNSURE
  let at = afterSpace(view, from + 1, end)
  if (at < end && view.getUint8(at) === CLOSE_BRACE) return at + 1
  for (;;) {
    if (at >= end || view.getUint8(at) !== QUOTE) return UNSURE
    at = afterText(view, at, end)
    if (at === UNSURE) return UNSURE
    at = afterSpace(view, at, end)
    if (at >= end || view.getUint8(at) !== COLON) return UNSURE
    at = afterValue(view, afterSpace(view, at + 1, end), end, depth + 1)
    if (at === UNSURE) return UNSURE
    at = afterSpace(view, at, end)
    if (at >= end) return UNSURE
    if (view.getUint8(at) === CLOSE_BRACE) return at + 1
    if (view.getUint8(at) !== COMMA) return UNSURE
    at = afterSpace(view, at + 1, end)
  }
}

function afterElements(view: DataView, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return UNSURE
  let at = afterSpace(view, from + 1, end)
  if (at < end && view.getUint8(at) === CLOSE_BRACKET) return at + 1
  for (;;) {
    at = afterValue(view, at, end, depth + 1)
    if (at === UNSURE) return UNSURE
    at = afterSpace(view, at, end)
    if (at >= end) return UNSURE
    if (view.getUint8(at) === CLOSE_BRACKET) return at + 1
    if (view.getUint8(at) !== COMMA) return UNSURE
    at = afterSpace(view, at + 1, end)
  }
}

function afterEscape(view: DataView, at: number, end: number): number {
  if (at + 1 >= end) return UNSURE
  if (MAY_BE_ESCAPED[view.getUint8(at + 1)] === 1) return at + 2
  if (view.getUint8(at + 1) !== LOWER_U || at + 6 > end) return UNSURE
  for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(view.getUint8(i))) return UNSURE
  return at + 6
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= ZERO && byte <= NINE) || (lower >= 0x61 && lower <= 0x66)
}

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
const ESCAPED = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)))
const LITERALS = new Map(['true', 'false', 'null'].map((text) => [text.charCodeAt(0), new TextEncoder().encode(text)]))

export function afterSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end) {
    const byte = bytes[at]!
    if (byte !== SPACE && byte !== LINE_FEED && byte !== TAB && byte !== CARRIAGE_RETURN) return at
    at++
  }
  return at
}

/**
 * @param from where the text's opening quote stands
 * @returns the place after its closing quote. Bytes that are not UTF-8 are let through, as TextDecoder does.
 */
export function afterText(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 1
  for (;;) {
    while (at < end && ENDS_PLAIN_TEXT[bytes[at]!] === 0) at++
    if (at >= end) return UNSURE
    const byte = bytes[at]!
    if (byte === QUOTE) return at + 1
    if (byte !== BACKSLASH) return UNSURE
    at = afterEscape(bytes, at, end)
    if (at === UNSURE) return UNSURE
  }
}

/** A number by JSON's grammar: no leading zeros, digits on both sides of the dot. */
export function afterNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  if (at < end && bytes[at] === MINUS) at++
  const whole = at
  at = afterDigits(bytes, at, end)
  if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return UNSURE
  if (at < end && bytes[at] === DOT) {
    const fraction = at + 1
    at = afterDigits(bytes, fraction, end)
    if (at === fraction) return UNSURE
  }
  if (at < end && (bytes[at] === LOWER_E || bytes[at] === UPPER_E)) {
    at++
    if (at < end && (bytes[at] === PLUS || bytes[at] === MINUS)) at++
    const exponent = at
    at = afterDigits(bytes, exponent, end)
    if (at === exponent) return UNSURE
  }
  return at
}

export function afterDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
  return at
}

/** A text, number, true, false or null. */
export function afterScalar(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return UNSURE
  const byte = bytes[at]!
  if (byte === QUOTE) return afterText(bytes, at, end)
  if ((byte >= ZERO && byte <= NINE) || byte === MINUS) return afterNumber(bytes, at, end)
  const literal = LITERALS.get(byte)
  if (literal === undefined || at + literal.length > end) return UNSURE
  for (let i = 1; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return UNSURE
  return at + literal.length
}

/** Any value; UNSURE too where objects and arrays lie more than 16 deep. */
export function afterValue(bytes: Uint8Array, at: number, end: number, depth = 0): number {
  if (at < end && bytes[at] === OPEN_BRACE) return afterMembers(bytes, at, end, depth)
  if (at < end && bytes[at] === OPEN_BRACKET) return afterElements(bytes, at, end, depth)
  return afterScalar(bytes, at, end)
}

function afterMembers(bytes: Uint8Array, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return UNSURE
  let at = afterSpace(bytes, from + 1, end)
  if (at < end && bytes[at] === CLOSE_BRACE) return at + 1
  for (;;) {
    if (at >= end || bytes[at] !== QUOTE) return UNSURE
    at = afterText(bytes, at, end)
    if (at === UNSURE) return UNSURE
    at = afterSpace(bytes, at, end)
    if (at >= end || bytes[at] !== COLON) return UNSURE
    at = afterValue(bytes, afterSpace(bytes, at + 1, end), end, depth + 1)
    if (at === UNSURE) return UNSURE
    at = afterSpace(bytes, at, end)
    if (at >= end) return UNSURE
    if (bytes[at] === CLOSE_BRACE) return at + 1
    if (bytes[at] !== COMMA) return UNSURE
    at = afterSpace(bytes, at + 1, end)
  }
}

function afterElements(bytes: Uint8Array, from: number, end: number, depth: number): number {
  if (depth === MAX_DEPTH) return UNSURE
  let at = afterSpace(bytes, from + 1, end)
  if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1
  for (;;) {
    at = afterValue(bytes, at, end, depth + 1)
    if (at === UNSURE) return UNSURE
    at = afterSpace(bytes, at, end)
    if (at >= end) return UNSURE
    if (bytes[at] === CLOSE_BRACKET) return at + 1
    if (bytes[at] !== COMMA) return UNSURE
    at = afterSpace(bytes, at + 1, end)
  }
}

function afterEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return UNSURE
  if (ESCAPED.has(bytes[at + 1]!)) return at + 2
  if (bytes[at + 1] !== LOWER_U || at + 6 > end) return UNSURE
  for (let i = at + 2; i < at + 6; i++) if (!isHexDigit(bytes[i]!)) return UNSURE
  return at + 6
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= ZERO && byte <= NINE) || (lower >= 0x61 && lower <= 0x66)
}

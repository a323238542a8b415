/** Traits of a character below 128; a word has those of all its characters. */
export const DIGIT = 1
export const LOWER = 2
export const UPPER = 4
export const DOT = 8
export const SLASH = 16
export const AT = 32
export const HYPHEN = 64
export const OTHER = 128
export const NOT_HEX = 256
export const BACKSLASH = 512
export const UNDERSCORE = 1024
export const LETTER = LOWER | UPPER

export const SPACE = 1
export const SEPARATOR = 2
export const INNER = 0

export const BREAKS = new Uint8Array(128)
export const TRAITS = new Uint16Array(128).fill(OTHER | NOT_HEX)
for (let c = 0; c <= 32; c++) BREAKS[c] = SPACE
for (const c of ':=,;()[]{}<>"\'|`') BREAKS[c.charCodeAt(0)] = SEPARATOR
for (let c = 48; c <= 57; c++) TRAITS[c] = DIGIT
for (let c = 65; c <= 90; c++) TRAITS[c] = UPPER | (c > 70 ? NOT_HEX : 0)
for (let c = 97; c <= 122; c++) TRAITS[c] = LOWER | (c > 102 ? NOT_HEX : 0)
TRAITS[46] = DOT | NOT_HEX
TRAITS[47] = SLASH | NOT_HEX
TRAITS[92] = BACKSLASH | NOT_HEX
TRAITS[64] = AT | NOT_HEX
TRAITS[45] = HYPHEN
TRAITS[95] = UNDERSCORE | NOT_HEX

export const QUOTE = 34
export const APOSTROPHE = 39
export const OPEN_ROUND = 40
export const CLOSE_ROUND = 41
export const COMMA = 44
export const MINUS = 45
export const PERIOD = 46
export const SLASH_CHAR = 47
export const COLON = 58
export const SEMICOLON = 59
export const LESS = 60
export const EQUALS = 61
export const GREATER = 62
export const OPEN_SQUARE = 91
export const BACKSLASH_CHAR = 92
export const CLOSE_SQUARE = 93
export const OPEN_CURLY = 123
export const CLOSE_CURLY = 125
export const TILDE = 126

export const FIRST_HASH = 0x811c9dc5

/** FNV-1a, a character at a time. */
export function hashCharacter(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

/** Letters and digits; all beyond ASCII are taken for letters. */
export function isWordChar(code: number): boolean {
  return code > 127 || ((TRAITS[code] as number) & (LETTER | DIGIT)) !== 0
}

/** What a wildcard of a template stands for. The order is the code under which forms keep it: append only. */
export const VARIABLE_KINDS = [
  '*',
  'number',
  'hex',
  'uuid',
  'address',
  'time',
  'path',
  'url',
  'email',
  'host',
  'id',
  'boolean',
  'duration',
  'size',
  'string',
  'empty',
  'word',
] as const

export const ANY = 0
export const NUMBER = 1
export const HEX = 2
export const UUID = 3
export const ADDRESS = 4
export const TIME = 5
export const PATH = 6
export const URL_KIND = 7
export const EMAIL = 8
export const HOST = 9
export const ID = 10
export const BOOLEAN = 11
export const DURATION = 12
export const SIZE = 13
export const STRING = 14
export const EMPTY = 15
export const WORD_KIND = 16

/** The kind of a wildcard that has held both: equal kinds stay, an empty value says nothing, all else is any value. */
export function joinKinds(a: number, b: number): number {
  if (a === b || b === EMPTY) return a
  return a === EMPTY ? b : ANY
}

/** The kind of two values that stand side by side with nothing but punctuation between them: `10.0.0.1:80`, `12:30:01`. */
export function runKind(a: number, b: number, glue: number): number {
  if (b === EMPTY) return a
  if (a === EMPTY) return b
  if (a === TIME && (b === TIME || b === NUMBER)) return TIME
  if (glue === COLON) {
    if (a === ADDRESS || a === HOST || a === PATH || a === URL_KIND) return a
    if (a === NUMBER && b === NUMBER) return TIME
    if (a === HEX || b === HEX) return HEX
  }
  return a === b || (a === NUMBER && (b === SIZE || b === DURATION)) ? b : ANY
}

const COLON = 58

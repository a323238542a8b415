/** Stands between the fields of a searchable text: no phrase reaches across it. */
export const FIELD_BREAK = '\u0000'

const ASCII_ONLY = /^[\0-\x7f]*$/
const ASCII_TOKEN = /[a-z0-9]+/g
const TOKEN = /[\p{L}\p{N}\p{M}]+/gu
const DIACRITICS = /[\u0300-\u036f]/g

/**
 * Words of a text as search compares them: runs of letters, digits and marks, in lower case and without the diacritics
 * of Latin, Greek and Cyrillic (`Größe: Café_7` gives `große`, `cafe`, `7`). Everything else separates, the underscore
 * too. Of a script written without spaces each run is one word.
 */
export function tokensOf(text: string): string[] {
  return (isAscii(text) ? text.toLowerCase().match(ASCII_TOKEN) : fold(text).match(TOKEN)) ?? []
}

export function isAscii(text: string): boolean {
  return ASCII_ONLY.test(text)
}

// Lower case before the second decomposition: `İ` becomes `i` and a combining dot.
function fold(text: string): string {
  return text.normalize('NFKD').toLowerCase().normalize('NFD').replace(DIACRITICS, '').normalize('NFC')
}

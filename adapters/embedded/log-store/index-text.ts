import { isAscii, type LogRecord, searchableText, tokensOf } from '@weir/core'

// Marks from the private use area: SQLite's tokenizer keeps them in words, and no word of a log has one (see wordCode).
const SERVICE_MARK = '\ue000'
const SEVERITY_MARK = '\ue001'
const LETTER_MARK = '\ue002'
const LETTER_END = '\ue003'

/** Severities whose lines and those above it the text index finds by themselves. */
const INDEXED_SEVERITIES = [13, 17, 21]

/**
 * The text that FTS5 indexes for a record: its searchable text, its service and its severities as words of their own, so
 * that a filter on them costs as little as a word.
 */
export function indexText(record: LogRecord, serviceNo: number): string {
  const text = searchableText(record)
  let indexed = `${isAscii(text) ? text : tokensOf(text).map(wordCode).join(' ')} ${serviceWord(serviceNo)}`
  for (const floor of INDEXED_SEVERITIES) {
    if (record.severityNumber >= floor) indexed += ` ${severityWord(floor)}`
  }
  return indexed
}

/**
 * A word as it stands in the index. Letters outside of ASCII are spelled out, so that SQLite's older Unicode tables do
 * not decide what a letter is; prefixes stay prefixes.
 */
export function wordCode(word: string): string {
  if (isAscii(word)) return word
  let code = ''
  for (const letter of word) {
    code += isAscii(letter) ? letter : LETTER_MARK + letter.codePointAt(0)!.toString(16) + LETTER_END
  }
  return code
}

export function serviceWord(serviceNo: number): string {
  return SERVICE_MARK + serviceNo
}

/**
 * The word that finds the lines of a severity and above, or the nearest lower one that has a word.
 *
 * @returns undefined where all lines must be looked at
 */
export function indexedSeverity(minSeverityNumber: number): number | undefined {
  return INDEXED_SEVERITIES.findLast((floor) => floor <= minSeverityNumber)
}

export function severityWord(floor: number): string {
  return SEVERITY_MARK + floor
}

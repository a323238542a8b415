/** One line of a body, as a range `[start, end)` of its bytes without the line's end. */
export interface LineSpan {
  /** From 1. */
  readonly number: number
  readonly start: number
  readonly end: number
}

/** Lines that are not blank, ended by `\n` or `\r\n` or the end of the bytes. */
export function* linesOf(bytes: Uint8Array): Generator<LineSpan> {
  let start = 0
  for (let number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(10, start)
    const next = newline < 0 ? bytes.length : newline
    const end = next > start && bytes[next - 1] === 13 ? next - 1 : next
    if (!isBlank(bytes, start, end)) yield { number, start, end }
    start = next + 1
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 32 && bytes[i] !== 9) return false
  }
  return true
}

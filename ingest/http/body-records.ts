import { isUtf8 } from 'node:buffer'
import type { ErrorCode } from '@weir/core'
import { linesOf } from '../parse/lines.ts'
import { type LineParser, parserFor } from '../parse/parser-for.ts'

/** One record of a body, not yet normalised, or why it is none. */
export type BodyRecord = {
  /** Line from 1, or position in a JSON array from 1. */
  readonly line: number
  readonly invalidText: boolean
  /** As it came, for the dead-letter topic. */
  readonly bytes: () => Uint8Array
} & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string }
)

/** Records of a body of lines. */
export function* lineRecords(body: Buffer, parse: LineParser, maxLineBytes: number): Generator<BodyRecord> {
  const allValid = isUtf8(body)
  for (const { number, start, end } of linesOf(body)) {
    const bytes = () => body.subarray(start, end)
    if (end - start > maxLineBytes) {
      const reason = `The line has ${end - start} bytes; at most ${maxLineBytes} are taken.`
      yield { ok: false, line: number, invalidText: false, bytes, code: 'WEIR_RECORD_TOO_LARGE', reason }
      continue
    }
    const invalidText = !allValid && !isUtf8(bytes())
    const parsed = parse(body.toString('utf8', start, end))
    if (parsed.ok) yield { ok: true, line: number, invalidText, bytes, value: parsed.value }
    else yield { ok: false, line: number, invalidText, bytes, code: 'WEIR_RECORD_INVALID', reason: parsed.reason }
  }
}

/** Records of a body that is one JSON text: an array of records, or one record. */
export function* jsonRecords(body: Buffer, maxLineBytes: number): Generator<BodyRecord> {
  const invalidText = !isUtf8(body)
  const parsed = parserFor('json')(body.toString('utf8'))
  if (!parsed.ok) {
    const line = lineOfSyntaxError(parsed.reason)
    yield { ok: false, line, invalidText, bytes: () => body, code: 'WEIR_RECORD_INVALID', reason: parsed.reason }
    return
  }
  if (!Array.isArray(parsed.value)) {
    yield checkedRecord(1, parsed.value, invalidText, () => body, body.length, maxLineBytes)
    return
  }
  let line = 0
  for (const value of parsed.value as unknown[]) {
    const bytes = () => elementBytes(value, body)
    const length = body.length > maxLineBytes ? bytes().length : 0
    yield checkedRecord(++line, value, invalidText, bytes, length, maxLineBytes)
  }
}

/** The element as JSON; the whole body where it is nested too deeply to be written again. */
function elementBytes(value: unknown, body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(value), 'utf8')
  } catch (error) {
    if (error instanceof RangeError) return body
    throw error
  }
}

function checkedRecord(
  line: number,
  value: unknown,
  invalidText: boolean,
  bytes: () => Uint8Array,
  length: number,
  maxLineBytes: number,
): BodyRecord {
  if (length <= maxLineBytes) return { ok: true, line, invalidText, bytes, value }
  const reason = `The record has ${length} bytes; at most ${maxLineBytes} are taken.`
  return { ok: false, line, invalidText, bytes, code: 'WEIR_RECORD_TOO_LARGE', reason }
}

/** V8 ends its message with `(line 3 column 7)` where the text has several lines. */
function lineOfSyntaxError(reason: string): number {
  const match = /\(line (\d+) column \d+\)/.exec(reason)
  return match === null ? 1 : Number(match[1])
}

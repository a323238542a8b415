import { normalizeRecord } from './normalize-record.ts'
import type { NormalizeContext, NormalizedRecord, RefusedRecord } from './normalized-record.ts'

const decoder = new TextDecoder('utf-8')

/**
 * As {@link normalizeRecord} for the bytes of a record that another producer wrote to topic `logs`: a JSON object
 * (Fluentd's kafka output), or a line of text.
 */
export function normalizeBytes(bytes: Uint8Array, context: NormalizeContext): NormalizedRecord | RefusedRecord {
  const text = decoder.decode(bytes)
  const invalidText = context.invalidText || (text.includes('\uFFFD') && !isOwnText(text, bytes))
  const withFlag = invalidText ? { ...context, invalidText } : context
  if (text.trimStart().charCodeAt(0) !== 123) {
    if (text.trim() === '') return { ok: false, code: 'WEIR_RECORD_INVALID', reason: 'The record is empty.' }
    return normalizeRecord(text, withFlag)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, code: 'WEIR_RECORD_INVALID', reason: `Malformed JSON: ${(error as Error).message}.` }
  }
  return normalizeRecord(value, withFlag)
}

/** Whether each U+FFFD of the text was in the bytes as such, and none replaced an invalid one. */
function isOwnText(text: string, bytes: Uint8Array): boolean {
  const encoded = new TextEncoder().encode(text)
  return encoded.length === bytes.length && encoded.every((byte, i) => byte === bytes[i])
}

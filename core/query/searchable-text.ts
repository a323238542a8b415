import type { LogRecord } from '../records/log-record.ts'
import { FIELD_BREAK } from './tokens.ts'

/** Characters of the text that search looks at; what lies beyond is stored and shown, but not found. */
export const MAX_SEARCHABLE_CHARS = 16_384
const MAX_ATTRIBUTE_CHARS = 512

/** Attributes besides those whose name ends in `.id` or `_id` that people search for by value. */
const SEARCHED_ATTRIBUTES = new Set([
  'url.path',
  'http.route',
  'exception.type',
  'exception.message',
  'error.type',
  'client.address',
  'user.name',
  'host.name',
])

/**
 * The text of a record that search terms are compared with: its body, trace id, and the values of attributes that
 * identify something (`order.id`, `user_id`) or that are in a short list (`url.path`, `exception.message`, …), each up to
 * 512 characters.
 */
export function searchableText(record: LogRecord): string {
  let text = record.body
  if (record.traceId !== undefined) text += FIELD_BREAK + record.traceId
  for (const name in record.attributes) {
    if (!isSearched(name)) continue
    const value = record.attributes[name]
    if (typeof value === 'string') text += FIELD_BREAK + value.slice(0, MAX_ATTRIBUTE_CHARS)
    else if (typeof value === 'number') text += FIELD_BREAK + value
  }
  return text.length > MAX_SEARCHABLE_CHARS ? text.slice(0, MAX_SEARCHABLE_CHARS) : text
}

function isSearched(name: string): boolean {
  return name.endsWith('.id') || name.endsWith('_id') || SEARCHED_ATTRIBUTES.has(name)
}

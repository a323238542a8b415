import type { NormalizeContext, NormalizedRecord, RefusedRecord } from './normalized-record.ts'
import { RecordDraft } from './record-draft.ts'

const draft = new RecordDraft()

/**
 * Brings a decoded record of any usual logger into Weir's form: names by OpenTelemetry's semantic conventions, one flat map
 * of attributes, event time in ms, severity 0..24. A text is a record whose body it is.
 *
 * @param value an object as JSON.parse or a MessagePack decoder makes it, or a line of text
 * @returns the record and what was adjusted, or why it is none
 */
export function normalizeRecord(value: unknown, context: NormalizeContext): NormalizedRecord | RefusedRecord {
  draft.reset()
  if (typeof value === 'string') {
    draft.visit('', { message: value }, 0)
    return draft.finish(context)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    return { ok: false, code: 'WEIR_RECORD_INVALID', reason: `A record must be an object, not ${kindOf(value)}.` }
  }
  draft.visit('', value as Readonly<Record<string, unknown>>, 0)
  if (draft.isEmpty) return { ok: false, code: 'WEIR_RECORD_INVALID', reason: 'The record has no fields.' }
  return draft.finish(context)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return value instanceof Uint8Array ? 'bytes' : `a ${typeof value}`
}

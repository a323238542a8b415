import { decodeLogRecord, type ErrorCode, type LogRecord, normalizeBytes } from '@weir/core'

/** Why a value of topic `logs` is not a log record. */
export interface Rejection {
  readonly code: ErrorCode
  /** One sentence for people. */
  readonly reason: string
}

/** Brings a value that another producer wrote to topic `logs` into Weir's form. */
export type Normalize = (bytes: Uint8Array, observedTimeMs: number) => LogRecord | Rejection

/** Records may be dated this far ahead of the time the broker took them; later ones count as of that time. ms */
export const MAX_AHEAD_MS = 5 * 60_000

const EMPTY: Rejection = { code: 'WEIR_RECORD_INVALID', reason: 'The record has no value.' }

/** By the rules of core/normalize, for a service that the record may name itself. */
export const normalizeForeign: Normalize = (bytes, observedTimeMs) => {
  const result = normalizeBytes(bytes, { service: 'unknown', observedTimeMs })
  return result.ok ? result.record : { code: result.code, reason: result.reason }
}

/** The record in Weir's own form, or undefined where it is in another or its time is none. */
export function readOwnForm(value: Uint8Array): LogRecord | undefined {
  const record = decodeLogRecord(value)
  return record !== undefined && record.timeMs >= 0 && Number.isSafeInteger(record.timeMs) ? record : undefined
}

/** @param brokerTimeMs stands for the time of observation, ms since the epoch */
export function readLogRecord(
  value: Uint8Array | null,
  brokerTimeMs: number,
  normalize: Normalize,
): LogRecord | Rejection {
  if (value === null) return EMPTY
  return readOwnForm(value) ?? normalize(value, brokerTimeMs)
}

export function isRejection(result: LogRecord | Rejection): result is Rejection {
  return 'reason' in result
}

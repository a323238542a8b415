import type { ErrorCode } from '../errors.ts'
import type { LogRecord } from '../records/log-record.ts'

/** What normalising changed or could not use, as bits of {@link NormalizedRecord.adjusted}. */
export const ADJUSTED = {
  /** The event time lay more than {@link MAX_AHEAD_MS} past the observed time, which replaced it. */
  timeClamped: 1,
  /** The record named no time: its carrier's or the observed time stands in. */
  timeMissing: 2,
  /** The record's time could not be read; it stays an attribute. */
  timeUnparsable: 4,
  /** Bytes that are not UTF-8 were replaced by U+FFFD. */
  invalidText: 8,
  /** A value was cut off at its bound. */
  truncated: 16,
  /** Attributes past a bound were left out; `weir.attributes_dropped` says how many. */
  attributesDropped: 32,
  /** The message was a number, a boolean or an object, and became text. */
  bodyCoerced: 64,
} as const

/** Events may be dated this far ahead of the time they are seen: clocks differ. ms */
export const MAX_AHEAD_MS = 5 * 60_000

export interface NormalizeContext {
  /** The service where the record names none; not empty. */
  readonly service: string
  /** ms since the epoch, an integer */
  readonly observedTimeMs: number
  /** The carrier's time (a Forward entry's), used where the record itself names none. */
  readonly timeMs?: number | undefined
  /** Past `timeMs`, 0..999_999. */
  readonly timeNanos?: number | undefined
  /** Whether the bytes behind the record were not UTF-8 and had to be replaced. */
  readonly invalidText?: boolean | undefined
}

export interface NormalizedRecord {
  readonly ok: true
  readonly record: LogRecord
  /** Bits of {@link ADJUSTED}. */
  readonly adjusted: number
}

export interface RefusedRecord {
  readonly ok: false
  readonly code: ErrorCode
  /** One sentence for people. */
  readonly reason: string
}

import { WeirError } from '@weir/core'

const SEQUENCE_BITS = 20n
/** Records of one millisecond and file before the next ones are filed under the following millisecond. */
export const MAX_PER_MS = 2 ** 20
/** 2248-09-26: later event times are filed under this one. */
export const MAX_TIME_MS = 2 ** 43 - 1

/**
 * First row number for an event time: row numbers are `time << 20 | sequence`, so that the order of rows is that of time
 * and a range of time is a range of rows, in the table and in the text index.
 */
export function firstRowOf(timeMs: number): bigint {
  return BigInt(Math.min(Math.max(Math.floor(timeMs), 0), MAX_TIME_MS)) << SEQUENCE_BITS
}

export function timeOfRow(row: bigint): number {
  return Number(row >> SEQUENCE_BITS)
}

/** A record's place in the store: the day of its file and its row there. */
export interface LogPosition {
  /** Start of the file's period, ms since the epoch. */
  readonly periodMs: number
  readonly row: bigint
}

/** Text of a position, as an id or a cursor. */
export function formatPosition(position: LogPosition): string {
  return `${position.periodMs.toString(36)}-${position.row.toString(36)}`
}

/** @returns undefined if the text was not made by {@link formatPosition} */
export function parsePosition(text: string): LogPosition | undefined {
  const parts = /^([0-9a-z]{1,9})-([0-9a-z]{1,13})$/.exec(text)
  if (parts === null) return undefined
  let row = 0n
  for (const digit of parts[2]!) row = row * 36n + BigInt(Number.parseInt(digit, 36))
  return row < 2n ** 63n ? { periodMs: Number.parseInt(parts[1]!, 36), row } : undefined
}

/** @throws WEIR_QUERY_INVALID */
export function parseCursor(cursor: string): LogPosition {
  const position = parsePosition(cursor)
  if (position === undefined) {
    throw new WeirError(
      'WEIR_QUERY_INVALID',
      `The cursor ${JSON.stringify(cursor.slice(0, 40))} is not one that a search gave; start again without it.`,
    )
  }
  return position
}

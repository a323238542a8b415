import type { LogLine } from '../../api/answers.ts'

export interface LineList {
  /** Newest first. */
  readonly lines: readonly LogLine[]
  /** Newer ones, held back while someone reads. */
  readonly waiting: readonly LogLine[]
  /** True when more came at once than a page holds: there are lines between those shown and those waiting. */
  readonly gap: boolean
  /** Of the next older page. */
  readonly nextCursor: string | undefined
}

export interface Page {
  readonly logs: readonly LogLine[]
  readonly nextCursor?: string | undefined
}

/** More are not kept in the browser; the oldest go, and come back by scrolling. */
const MAX_LINES = 20_000

export const NO_LINES: LineList = { lines: [], waiting: [], gap: false, nextCursor: undefined }

/** The newest page has come, once more or for the first time. */
export function withNewest(list: LineList, page: Page, reading: boolean): LineList {
  if (list.lines.length === 0) return { ...NO_LINES, lines: page.logs, nextCursor: page.nextCursor }
  const known = new Set(list.lines.map((line) => line.id))
  const fresh = page.logs.filter((line) => !known.has(line.id))
  const gap = fresh.length === page.logs.length && page.logs.length > 0 && page.nextCursor !== undefined
  if (reading) return fresh.length === 0 ? list : { ...list, waiting: fresh, gap: list.gap || gap }
  if (gap) return { ...NO_LINES, lines: page.logs, nextCursor: page.nextCursor }
  return fresh.length === 0 && list.waiting.length === 0 ? list : { ...list, ...merged(list, fresh), waiting: [] }
}

/** What waited is shown; past a gap the list begins anew, since a list must not skip lines silently. */
export function caughtUp(list: LineList, newest: Page): LineList {
  if (list.gap) return { ...NO_LINES, lines: newest.logs, nextCursor: newest.nextCursor }
  return { ...list, ...merged(list, list.waiting), waiting: [] }
}

export function withOlder(list: LineList, page: Page): LineList {
  const known = new Set(list.lines.map((line) => line.id))
  const older = page.logs.filter((line) => !known.has(line.id))
  return { ...list, lines: [...list.lines, ...older], nextCursor: page.nextCursor }
}

function merged(list: LineList, fresh: readonly LogLine[]): Pick<LineList, 'lines' | 'nextCursor'> {
  // Late lines belong further down. The sort is stable: lines of one moment keep the server's order.
  const lines = [...fresh, ...list.lines].toSorted((a, b) => b.timeMs - a.timeMs)
  if (lines.length <= MAX_LINES) return { lines, nextCursor: list.nextCursor }
  return { lines: lines.slice(0, MAX_LINES), nextCursor: undefined }
}

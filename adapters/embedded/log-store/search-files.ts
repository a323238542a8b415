import { storeError } from '../sqlite/store-error.ts'
import type { LogFile, LogRow } from './log-file.ts'
import type { LogPosition } from './log-id.ts'
import { matchExpression, type SearchPlan } from './match-expression.ts'

export interface SearchedFile {
  readonly file: LogFile
  readonly path: string
  readonly periodMs: number
}

export interface FoundRow extends LogPosition {
  readonly doc: Uint8Array
}

interface Source extends SearchedFile {
  readonly from: bigint
  readonly to: bigint
  /** Absent until the merge comes to the file. */
  rows?: IterableIterator<LogRow>
  /** Its next row; before it is read, an upper bound of it. */
  next: bigint
  doc?: Uint8Array
}

/**
 * Rows of all files that the plan's index part finds, newest first; of rows with the same number that of the later file
 * first. A file by broker time may hold any event time, so that the files are merged; one whose newest row is older than
 * what the caller takes is never searched.
 *
 * @param to     exclusive
 * @param before only rows after this one in that order
 */
export function* searchFiles(
  files: readonly SearchedFile[],
  plan: SearchPlan,
  from: bigint,
  to: bigint,
  before: LogPosition | undefined,
): Generator<FoundRow> {
  const sources = files.flatMap((file) => sourceOf(file, from, to, before) ?? [])
  try {
    for (;;) {
      const source = newest(sources)
      if (source === undefined) return
      if (source.rows !== undefined) yield { periodMs: source.periodMs, row: source.next, doc: source.doc! }
      if (!advance(source, plan)) sources.splice(sources.indexOf(source), 1)
    }
  } finally {
    for (const source of sources) source.rows?.return?.()
  }
}

/** @returns false at the end of the file */
function advance(source: Source, plan: SearchPlan): boolean {
  try {
    if (source.rows === undefined) {
      const match = matchExpression(plan, (service) => source.file.serviceNo(service))
      source.rows = source.file.newestFirst(match, source.from, source.to)
    }
    const next = source.rows.next()
    if (next.done === true) return false
    source.next = next.value[0]
    source.doc = next.value[1]
    return true
  } catch (error) {
    throw storeError(source.path, error)
  }
}

function sourceOf(
  { file, path, periodMs }: SearchedFile,
  from: bigint,
  to: bigint,
  before: LogPosition | undefined,
): Source | undefined {
  const range = file.rowRange()
  if (range === undefined) return undefined
  let end = to
  if (before !== undefined) {
    const pageEnd = periodMs < before.periodMs ? before.row + 1n : before.row
    if (pageEnd < end) end = pageEnd
  }
  if (range.first >= end || range.last < from) return undefined
  return { file, path, periodMs, from, to: end, next: range.last < end ? range.last : end - 1n }
}

/** The source with the newest next row; one that is only bounded by it comes first, so that it gets read. */
function newest(sources: readonly Source[]): Source | undefined {
  let best: Source | undefined
  for (const source of sources) {
    if (best === undefined || source.next > best.next) best = source
    else if (source.next < best.next) continue
    else if (best.rows !== undefined && (source.rows === undefined || source.periodMs > best.periodMs)) best = source
  }
  return best
}

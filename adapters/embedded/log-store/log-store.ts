import {
  decodeLogRecord,
  type LogEntry,
  type LogPage,
  type LogRecord,
  type LogSearch,
  type LogSource,
  type LogStore,
  type StoredLog,
  WeirError,
} from '@weir/core'
import { OpenFiles } from '../sqlite/open-files.ts'
import { type PeriodFile, PeriodFiles, removePeriodFile } from '../sqlite/period-files.ts'
import { prepareStoreDirectory } from '../sqlite/store-directory.ts'
import { storeError } from '../sqlite/store-error.ts'
import { LogFile } from './log-file.ts'
import { firstRowOf, formatPosition, type LogPosition, parseCursor, parsePosition } from './log-id.ts'
import { planSearch, type SearchPlan } from './match-expression.ts'
import { type SearchedFile, searchFiles } from './search-files.ts'

const DAY_MS = 86_400_000
const DEFAULT_RETENTION_MS = 7 * DAY_MS
const MAX_OPEN_FILES = 16
const MAX_SERVICES = 1_000
const MAX_LIMIT = 1_000
/** Entries of one transaction: bounds the write-ahead log and the time that a reader of the same thread waits. */
const MAX_TRANSACTION_ENTRIES = 20_000
/** Rows looked at for one page, where the index alone can not decide; then the page ends early, with a cursor. */
export const MAX_CANDIDATES = 20_000
const MAX_PREFIX_CANDIDATES = 4_000

export interface LogStoreOptions {
  readonly dir: string
  /** For another thread or process beside the one writer; default false. */
  readonly readOnly?: boolean
  /** Records are dropped a day (UTC, broker time) at a time, when all of the day is older than this; default 7 days. */
  readonly retentionMs?: number
  /** What is stored outlives a loss of power too, as it must where the offsets committed after it do; default false. */
  readonly syncEachCommit?: boolean
}

/**
 * Opens the log store of a directory: SQLite with FTS5, a file for each day of broker time. One writer at a time; any
 * number of readers, in other threads too, see what it has committed at once.
 *
 * A search whose phrases or excluded words must be compared with the text looks at 20,000 candidates for a page at most,
 * and then returns what it has, with a cursor to go on from.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE
 */
export async function openLogStore(options: LogStoreOptions): Promise<LogStore> {
  prepareStoreDirectory(options.dir, options.readOnly ?? false)
  return new EmbeddedLogStore(options)
}

class EmbeddedLogStore implements LogStore {
  readonly #periods: PeriodFiles
  readonly #files: OpenFiles<LogFile>
  readonly #retentionMs: number
  #closed = false

  constructor(options: LogStoreOptions) {
    this.#periods = new PeriodFiles(options.dir, 'logs', DAY_MS)
    const { readOnly = false, syncEachCommit = false } = options
    this.#files = new OpenFiles(MAX_OPEN_FILES, (path) => LogFile.open(path, readOnly, syncEachCommit))
    this.#retentionMs = options.retentionMs ?? DEFAULT_RETENTION_MS
  }

  async append(source: LogSource, entries: readonly LogEntry[]): Promise<void> {
    this.#assertOpen()
    for (let start = 0; start < entries.length; start += MAX_TRANSACTION_ENTRIES) {
      const byPeriod = Map.groupBy(entries.slice(start, start + MAX_TRANSACTION_ENTRIES), (entry) =>
        this.#periods.startOf(entry.brokerTimeMs),
      )
      for (const [startMs, ofPeriod] of byPeriod) {
        this.#use(this.#periods.at(startMs).path, (file) => file.append(source, ofPeriod))
      }
    }
    this.#files.trim()
  }

  async search(search: LogSearch): Promise<LogPage> {
    this.#assertOpen()
    if (!(Number.isInteger(search.limit) && search.limit >= 1 && search.limit <= MAX_LIMIT)) {
      throw new WeirError('WEIR_QUERY_INVALID', `The limit of ${search.limit} is not a whole number of 1 to 1,000.`)
    }
    const from = firstRowOf(search.fromMs)
    const to = firstRowOf(search.toMs)
    const files = this.#searchedFiles()
    const logs: StoredLog[] = []
    let last = search.cursor === undefined ? undefined : parseCursor(search.cursor)
    try {
      for (const { plan, maxCandidates } of stagesOf(search)) {
        let candidates = 0
        for (const row of searchFiles(files, plan, from, to, last)) {
          if (logs.length === search.limit) return { logs, nextCursor: formatPosition(last!) }
          if (candidates++ === maxCandidates) break
          last = row
          const record = recordOf(row.doc, row)
          if (plan.verify?.(record) ?? true) logs.push({ id: formatPosition(row), record })
        }
        if (candidates <= maxCandidates) return { logs }
      }
    } finally {
      this.#files.trim()
    }
    return { logs, nextCursor: formatPosition(last!) }
  }

  async get(id: string): Promise<StoredLog | undefined> {
    this.#assertOpen()
    const position = parsePosition(id)
    if (position === undefined) return undefined
    const period = this.#listed().find((each) => each.startMs === position.periodMs)
    if (period === undefined) return undefined
    const doc = this.#use(period.path, (file) => file.get(position.row))
    this.#files.trim()
    return doc === undefined ? undefined : { id, record: recordOf(doc, position) }
  }

  async count(): Promise<number> {
    this.#assertOpen()
    let count = 0
    for (const { path } of this.#listed()) count += this.#use(path, (file) => file.count()) ?? 0
    this.#files.trim()
    return count
  }

  async services(): Promise<string[]> {
    this.#assertOpen()
    const names = new Set<string>()
    for (const { path } of this.#listed()) {
      for (const name of this.#use(path, (file) => file.serviceNames(MAX_SERVICES)) ?? []) names.add(name)
    }
    this.#files.trim()
    return [...names].sort().slice(0, MAX_SERVICES)
  }

  async applyRetention(nowMs: number): Promise<void> {
    this.#assertOpen()
    for (const period of this.#periods.list()) {
      if (period.endMs + this.#retentionMs > nowMs) continue
      this.#files.close(period.path)
      removePeriodFile(period)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#files.closeAll()
  }

  /** Files there now; those that retention removed are closed. */
  #listed(): PeriodFile[] {
    const listed = this.#periods.list()
    this.#files.keepOnly(new Set(listed.map((period) => period.path)))
    return listed
  }

  #searchedFiles(): SearchedFile[] {
    return this.#listed().flatMap(({ path, startMs }) => {
      const file = this.#use(path, (opened) => opened)
      return file === undefined ? [] : [{ file, path, periodMs: startMs }]
    })
  }

  #use<T>(path: string, call: (file: LogFile) => T): T | undefined {
    try {
      const file = this.#files.use(path)
      return file === undefined ? undefined : call(file)
    } catch (error) {
      throw storeError(path, error)
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The log store was closed; open it again.')
  }
}

interface Stage {
  readonly plan: SearchPlan
  /** Rows looked at before the next stage goes on from there. */
  readonly maxCandidates: number
}

/**
 * FTS5 gathers every row with a prefix before it gives the first. A prefix that many lines have is found faster by
 * looking at the newest lines; only where these do not fill the page the index is asked.
 */
function stagesOf(search: LogSearch): Stage[] {
  const indexed = { plan: planSearch(search, 'indexed'), maxCandidates: MAX_CANDIDATES }
  if (!search.terms.some((term) => term.kind === 'prefix')) return [indexed]
  return [{ plan: planSearch(search, 'verified'), maxCandidates: MAX_PREFIX_CANDIDATES }, indexed]
}

function recordOf(doc: Uint8Array, position: LogPosition): LogRecord {
  const record = decodeLogRecord(doc)
  if (record === undefined) {
    throw new WeirError('WEIR_STORE_CORRUPT', `The stored log ${formatPosition(position)} is not a log record.`)
  }
  return record
}

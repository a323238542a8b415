import type { LogRecord } from '../records/log-record.ts'

/** Raw log records, searchable by text and time. A record's identity is its place in topic `logs`. */
export interface LogStore {
  /**
   * Stores the records of one partition, in offset order. Those stored before are skipped: a replay changes nothing.
   * Resolves once all survive a kill -9.
   */
  append(source: LogSource, entries: readonly LogEntry[]): Promise<void>
  /** Newest first. */
  search(search: LogSearch): Promise<LogPage>
  /** @param id of a {@link StoredLog} */
  get(id: string): Promise<StoredLog | undefined>
  /** Records stored and not yet dropped by retention. */
  count(): Promise<number>
  /** Names of the services seen, sorted, at most 1,000. */
  services(): Promise<string[]>
  applyRetention(nowMs: number): Promise<void>
  close(): Promise<void>
}

export interface LogSource {
  /** Identity of topic `logs`: a recreated topic has another. */
  readonly topicId: string
  readonly partition: number
}

export interface LogEntry {
  readonly offset: number
  /** Broker timestamp: decides the period (file, index) that holds the record. ms since the epoch */
  readonly brokerTimeMs: number
  readonly record: LogRecord
  /** The record's UTF-8 JSON as it lay in the topic, if that is its normalised form: spares encoding it again. */
  readonly json?: Uint8Array
}

export interface StoredLog {
  /** Opaque, unique, stable. */
  readonly id: string
  readonly record: LogRecord
}

export interface LogSearch {
  /** Inclusive, event time, ms since the epoch. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** All must match; see core/query/text-terms.ts. Empty: every line. */
  readonly terms: readonly TextTerm[]
  /** Any of these; empty: all. */
  readonly services: readonly string[]
  /** Least severity number; 0: all. */
  readonly minSeverityNumber: number
  /** 1..1,000 */
  readonly limit: number
  /** Of the page before; absent: the newest. */
  readonly cursor?: string
}

/**
 * A word (`timeout` matches the whole word in the record's searchable text, any case), a prefix (`time*`), or a phrase
 * (`"timed out"`: its words in order, nothing between but punctuation and space). Searchable is the body with the values
 * that identify something: see core/query/searchable-text.ts.
 */
export interface TextTerm {
  readonly kind: 'word' | 'prefix' | 'phrase'
  readonly text: string
  /** True: lines with it are left out. */
  readonly negated: boolean
}

export interface LogPage {
  readonly logs: readonly StoredLog[]
  /** For the next (older) page, where there may be more: also a page cut short by a bound has one. Absent at the end. */
  readonly nextCursor?: string
}

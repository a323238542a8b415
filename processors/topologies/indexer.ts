import { type FetchedBatch, type LogEntry, type LogStore, TOPICS } from '@weir/core'
import { DeadLetters } from '../runtime/dead-letters.ts'
import type { Emit, Task, TaskContext, Topology } from '../runtime/task.ts'
import { isRejection, type Normalize, readLogRecord, readOwnForm } from './read-log-record.ts'

export interface IndexerOptions {
  readonly logStore: LogStore
  readonly normalize: Normalize
  readonly commitIntervalMs: number
}

/** Records held per partition before they are stored ahead of time: large batches make large index segments. */
const MAX_PENDING_RECORDS = 10_000
const MAX_PENDING_BYTES = 4 * 1024 * 1024
const POLL_MAX_BYTES = 4 * 1024 * 1024

/**
 * Topic `logs` → log store. A record's identity is its topic, partition and offset, so that storing it again after a
 * crash changes nothing. A value that is no log record goes to `logs.dead-letter` in the transaction of the offset that
 * passes it: once. (The combiner only counts such values.)
 */
export function indexerTopology(options: IndexerOptions): Topology {
  return {
    name: 'indexer',
    inputTopic: TOPICS.logs,
    outputTopics: [TOPICS.logsDeadLetter],
    delivery: 'transaction',
    pollMaxBytes: POLL_MAX_BYTES,
    commitIntervalMs: options.commitIntervalMs,
    openTask: async (context) => new IndexerTask(options, context),
  }
}

class IndexerTask implements Task {
  readonly #options: IndexerOptions
  readonly #context: TaskContext
  readonly #deadLetters: DeadLetters
  #pending: LogEntry[] = []
  #pendingBytes = 0

  constructor(options: IndexerOptions, context: TaskContext) {
    this.#options = options
    this.#context = context
    this.#deadLetters = new DeadLetters(TOPICS.logs, TOPICS.logsDeadLetter, context)
  }

  async process({ records }: FetchedBatch): Promise<void> {
    for (let i = 0; i < records.count; i++) {
      const offset = records.offset(i)
      const brokerTimeMs = records.timestampMs(i)
      const value = records.value(i)
      const own = value === null ? undefined : readOwnForm(value)
      if (value !== null && own !== undefined) {
        this.#pending.push({ offset, brokerTimeMs, record: own, json: value })
      } else {
        const record = readLogRecord(value, brokerTimeMs, this.#options.normalize)
        if (isRejection(record)) this.#deadLetters.add(offset, value, record.code, record.reason)
        else this.#pending.push({ offset, brokerTimeMs, record })
      }
      this.#pendingBytes += value?.length ?? 0
    }
  }

  full(): boolean {
    return this.#pending.length >= MAX_PENDING_RECORDS || this.#pendingBytes >= MAX_PENDING_BYTES
  }

  wantsFlush(): boolean {
    return false
  }

  async flush(emit: Emit): Promise<void> {
    const { topicId, partition, meter } = this.#context
    if (this.#pending.length > 0) await this.#options.logStore.append({ topicId, partition }, this.#pending)
    await this.#deadLetters.flush(emit)
    meter.add('records_stored', this.#pending.length)
    this.#pending = []
    this.#pendingBytes = 0
  }
}

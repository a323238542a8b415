import {
  type Broker,
  type Consumer,
  type FetchedBatch,
  type MetricsEvent,
  type ProgressEvent,
  type RecordBatch,
  TOPICS,
} from '@weir/core'
import type { Logger } from 'pino'
import type { Query } from '../schemas/query.ts'
import { BackgroundLoop, pause } from './background-loop.ts'

const POLL = { maxWaitMs: 1_000, maxBytes: 1024 * 1024 } as const
/** Records before the end of each partition that are read at the start, in search of the newest mark. */
const FIRST_LOOK_BACK = 512
const LAST_LOOK_BACK = 65_536
const STORED_LOGS_POLL_MS = 500

const decoder = new TextDecoder()

/** How far the pipeline has come, and whether answers of a kind may have changed since they were computed. */
export class Progress {
  readonly counters = { marks: 0, marks_unreadable: 0 }
  readonly #broker: Broker
  readonly #logger: Logger
  readonly #marksLoop: BackgroundLoop
  readonly #storedLogsLoop: BackgroundLoop
  readonly #listeners = new Set<() => void>()
  readonly #marks = new Map<number, Pick<ProgressEvent, 'watermarkMs' | 'maxEventTimeMs'>>()
  #consumer: Consumer | undefined
  #lookBack = FIRST_LOOK_BACK
  #deltaPartitions = 0
  #metricsVersion = 0
  #annotationsVersion = 0
  #logsVersion = 0
  #storedLogs: number | undefined

  constructor(broker: Broker, logger: Logger) {
    this.#broker = broker
    this.#logger = logger
    this.#marksLoop = new BackgroundLoop({
      name: `follow topic ${TOPICS.metrics}`,
      round: () => this.#followMarks(),
      reset: () => this.#closeConsumer(),
      logger,
    })
    this.#storedLogsLoop = new BackgroundLoop({
      name: 'read the offsets of the indexer',
      round: (signal) => this.#watchStoredLogs(signal),
      reset: async () => {},
      logger,
    })
  }

  /** Least watermark over the partitions that have marked one, ms since the epoch; null before every one has. */
  get completeToMs(): number | null {
    return orNull(Math.min(...[...this.#marks.values()].map(({ watermarkMs }) => watermarkMs)))
  }

  /** Newest event that is counted and readable, ms since the epoch; null before the first. */
  get maxEventTimeMs(): number | null {
    return orNull(Math.max(...[...this.#marks.values()].map(({ maxEventTimeMs }) => maxEventTimeMs)))
  }

  /** Rises whenever answers to queries of this type may have changed. */
  version(type: Query['type']): number {
    if (type === 'logs') return this.#logsVersion
    return type === 'annotations' ? this.#metricsVersion + this.#annotationsVersion : this.#metricsVersion
  }

  annotationsChanged(): void {
    this.#annotationsVersion++
    this.#tellListeners()
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What keeps it from following; empty while all is well. */
  problems(): string[] {
    return [this.#marksLoop.problem, this.#storedLogsLoop.problem].filter((problem) => problem !== undefined)
  }

  start(): void {
    this.#marksLoop.start()
    this.#storedLogsLoop.start()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#marksLoop.stop(), this.#storedLogsLoop.stop()])
  }

  async #followMarks(): Promise<void> {
    this.#consumer ??= await this.#openConsumer()
    const batches = await this.#consumer.poll(POLL)
    if (batches.length === 0) return this.#lookFurtherBack(this.#consumer)
    for (const batch of batches) this.#take(batch)
    this.#metricsVersion++
    this.#tellListeners()
  }

  async #openConsumer(): Promise<Consumer> {
    this.#deltaPartitions = (await this.#broker.describeTopic(TOPICS.metricDeltas)).partitions.length
    const { partitions } = await this.#broker.describeTopic(TOPICS.metrics)
    const consumer = await this.#broker.consumer({
      topics: [TOPICS.metrics, TOPICS.anomalies],
      startAt: 'latest',
      onAssigned: () => {
        for (const { partition, earliest, end } of partitions) {
          const offset = Math.max(earliest, end - this.#lookBack)
          if (offset < end) consumer.seek({ topic: TOPICS.metrics, partition, offset })
        }
      },
    })
    return consumer
  }

  async #closeConsumer(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = undefined
    await consumer?.close()
  }

  /** After a restart the newest mark of a partition may lie before many closed windows of the others. */
  async #lookFurtherBack(consumer: Consumer): Promise<void> {
    if (this.#marks.size >= this.#deltaPartitions || this.#lookBack >= LAST_LOOK_BACK) return
    const read = this.#lookBack
    this.#lookBack *= 8
    for (const { partition, earliest, end } of (await this.#broker.describeTopic(TOPICS.metrics)).partitions) {
      if (end - read <= earliest) continue
      consumer.seek({ topic: TOPICS.metrics, partition, offset: Math.max(earliest, end - this.#lookBack) })
    }
  }

  #take({ topic, partition, records }: FetchedBatch): void {
    if (topic !== TOPICS.metrics) return
    for (let i = 0; i < records.count; i++) {
      const event = decodeEvent(records, i)
      if (event === undefined) {
        this.counters.marks_unreadable++
        this.#logger.warn(
          { topic, partition, offset: records.offset(i) },
          'a record that is no metrics event was skipped',
        )
      } else if (event.kind === 'progress') this.#takeMark(event)
    }
  }

  #takeMark(mark: ProgressEvent): void {
    this.counters.marks++
    const known = this.#marks.get(mark.partition)
    // Neither goes back: a restarted windower marks 0 until it has heard of every source, and older marks may be read
    // after newer ones.
    this.#marks.set(mark.partition, {
      watermarkMs: Math.max(known?.watermarkMs ?? 0, mark.watermarkMs),
      maxEventTimeMs: Math.max(known?.maxEventTimeMs ?? 0, mark.maxEventTimeMs),
    })
  }

  async #watchStoredLogs(signal: AbortSignal): Promise<void> {
    const committed = await this.#broker.committedOffsets('indexer', TOPICS.logs)
    const storedLogs = [...committed.values()].reduce((sum, offset) => sum + offset, 0)
    if (storedLogs !== this.#storedLogs) {
      this.#storedLogs = storedLogs
      this.#logsVersion++
      this.#tellListeners()
    }
    await pause(STORED_LOGS_POLL_MS, signal)
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** A mark of 0, or none at all (±Infinity), knows nothing yet. */
function orNull(timeMs: number): number | null {
  return timeMs > 0 && Number.isFinite(timeMs) ? timeMs : null
}

/** @returns undefined for bytes that are no event */
function decodeEvent(records: RecordBatch, index: number): MetricsEvent | undefined {
  const value = records.value(index)
  if (value === null) return undefined
  let event: Partial<MetricsEvent> | null
  try {
    event = JSON.parse(decoder.decode(value))
  } catch {
    return undefined
  }
  if (event?.kind === 'window') return event as MetricsEvent
  if (event?.kind !== 'progress') return undefined
  const numbers = [event.partition, event.watermarkMs, event.maxEventTimeMs, event.atMs]
  return numbers.every(Number.isFinite) ? (event as ProgressEvent) : undefined
}

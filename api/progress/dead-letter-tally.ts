import { type Broker, type Consumer, DEAD_LETTER_HEADERS, type DocumentStore, TOPICS, WeirError } from '@weir/core'
import type { Logger } from 'pino'
import { BackgroundLoop } from './background-loop.ts'
import { countDeadLetter, EMPTY_TALLY, settleTally, type Tally } from './tally.ts'

const KIND = 'tally'
const ID = TOPICS.logsDeadLetter
const POLL = { maxWaitMs: 1_000, maxBytes: 1024 * 1024 } as const
const SAVE_EVERY_MS = 5_000
/** Dead letters still in flight past which they are settled here: else {@link DeadLetterTally.counts} does it. */
const MAX_UNCOMMITTED = 5_000

/**
 * Counts topic `logs.dead-letter` since the data directory began, apart by whether a record had been in topic `logs`
 * before. The count is kept as a document, so that it outlives the topic's retention; several of these keep the same
 * one, since each counts from a saved position on.
 */
export class DeadLetterTally {
  readonly #broker: Broker
  readonly #documents: DocumentStore
  readonly #loop: BackgroundLoop
  #consumer: Consumer | undefined
  #tally: Tally = EMPTY_TALLY
  #saved: Tally = EMPTY_TALLY
  #savedAtMs = Number.NEGATIVE_INFINITY

  constructor(broker: Broker, documents: DocumentStore, logger: Logger) {
    this.#broker = broker
    this.#documents = documents
    this.#loop = new BackgroundLoop({
      name: `count topic ${TOPICS.logsDeadLetter}`,
      round: () => this.#round(),
      reset: () => this.#close(),
      logger,
    })
  }

  get problem(): string | undefined {
    return this.#loop.problem
  }

  /** @param committed offsets of the indexer in topic `logs` */
  counts(committed: ReadonlyMap<number, number>): { beforeLogs: number; afterLogs: number } {
    this.#tally = settleTally(this.#tally, committed)
    return { beforeLogs: this.#tally.beforeLogs, afterLogs: this.#tally.afterLogs }
  }

  start(): void {
    this.#loop.start()
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  async #round(): Promise<void> {
    this.#consumer ??= await this.#open()
    for (const { partition, records } of await this.#consumer.poll(POLL)) {
      for (let i = 0; i < records.count; i++) {
        const source = records.headers.get(i)?.[DEAD_LETTER_HEADERS.source]
        this.#tally = countDeadLetter(this.#tally, { partition, offset: records.offset(i), source })
      }
    }
    const uncommitted = Object.values(this.#tally.uncommitted).reduce((sum, offsets) => sum + offsets.length, 0)
    if (uncommitted > MAX_UNCOMMITTED) {
      this.#tally = settleTally(this.#tally, await this.#broker.committedOffsets('indexer', TOPICS.logs))
    }
    if (performance.now() - this.#savedAtMs >= SAVE_EVERY_MS) await this.#save()
  }

  async #open(): Promise<Consumer> {
    const stored = await this.#documents.get<Tally>(KIND, ID)
    this.#tally = this.#saved = stored?.body ?? EMPTY_TALLY
    const consumer = await this.#broker.consumer({
      topics: [TOPICS.logsDeadLetter],
      startAt: 'earliest',
      onAssigned: (assigned) => {
        for (const { topic, partition } of assigned) {
          const offset = this.#tally.next[partition]
          if (offset !== undefined) consumer.seek({ topic, partition, offset })
        }
      },
    })
    return consumer
  }

  async #close(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = undefined
    await consumer?.close()
    await this.#save()
  }

  async #save(): Promise<void> {
    if (this.#tally === this.#saved) return
    const tally = this.#tally
    const stored = await this.#documents.get<Tally>(KIND, ID)
    if (!stored || read(stored.body) < read(tally)) {
      try {
        await this.#documents.put(KIND, ID, tally, stored?.version ?? 0)
      } catch (error) {
        // Another process saved meanwhile; the next save compares with what it wrote.
        if (error instanceof WeirError && error.code === 'WEIR_VERSION_CONFLICT') return
        throw error
      }
    }
    this.#saved = tally
    this.#savedAtMs = performance.now()
  }
}

function read(tally: Tally): number {
  return Object.values(tally.next).reduce((sum, offset) => sum + offset, 0)
}

import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Broker,
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  RecordBatch,
  RecordBatchBuilder,
  type RecordHeaders,
  type TopicDescription,
  WeirError,
} from '@weir/core'

interface MemoryRecord {
  readonly value: string
  readonly headers: RecordHeaders | undefined
}

/** The reading side of a broker, in memory: topics without retention, consumers without groups. */
export class MemoryBroker implements Broker {
  readonly #topics = new Map<string, MemoryRecord[][]>()
  readonly #committed = new Map<string, Map<number, number>>()
  /** Thrown by every call while it is set. */
  failure: Error | undefined

  constructor(partitionsByTopic: Readonly<Record<string, number>>) {
    for (const [topic, partitions] of Object.entries(partitionsByTopic)) {
      this.#topics.set(
        topic,
        Array.from({ length: partitions }, () => []),
      )
    }
  }

  put(topic: string, partition: number, value: string, headers?: RecordHeaders): void {
    this.records(topic)[partition]!.push({ value, headers })
  }

  setCommitted(groupId: string, topic: string, offsets: Readonly<Record<number, number>>): void {
    const byPartition = Object.entries(offsets).map(([partition, offset]) => [Number(partition), offset] as const)
    this.#committed.set(`${groupId} ${topic}`, new Map(byPartition))
  }

  records(topic: string): MemoryRecord[][] {
    if (this.failure) throw this.failure
    const partitions = this.#topics.get(topic)
    if (!partitions) throw new WeirError('WEIR_TOPIC_UNKNOWN', `There is no topic ${topic}.`)
    return partitions
  }

  async describeTopic(topic: string): Promise<TopicDescription> {
    const partitions = this.records(topic).map(({ length }, partition) => ({ partition, earliest: 0, end: length }))
    return { topic, topicId: `id of ${topic}`, partitions }
  }

  async committedOffsets(groupId: string, topic: string): Promise<Map<number, number>> {
    this.records(topic)
    return new Map(this.#committed.get(`${groupId} ${topic}`))
  }

  async consumer(options: ConsumerOptions): Promise<Consumer> {
    for (const topic of options.topics) this.records(topic)
    return new MemoryConsumer(this, options)
  }

  async ensureTopic(): Promise<void> {
    throw new Error('the API makes no topics')
  }

  async producer(): Promise<never> {
    throw new Error('the API produces nothing')
  }

  async transactionalProducer(): Promise<never> {
    throw new Error('the API produces nothing')
  }

  async close(): Promise<void> {}
}

class MemoryConsumer implements Consumer {
  readonly #broker: MemoryBroker
  readonly #options: ConsumerOptions
  readonly #next = new Map<string, { topic: string; partition: number; offset: number }>()
  readonly #closed = new AbortController()
  #assigned = false

  constructor(broker: MemoryBroker, options: ConsumerOptions) {
    this.#broker = broker
    this.#options = options
  }

  async poll({ maxWaitMs }: { maxWaitMs: number }): Promise<FetchedBatch[]> {
    if (!this.#assigned) await this.#assign()
    const untilMs = performance.now() + maxWaitMs
    for (;;) {
      const batches = this.#fetch()
      if (batches.length > 0 || performance.now() >= untilMs || this.#closed.signal.aborted) return batches
      await sleep(5)
    }
  }

  assignment() {
    return [...this.#next.values()]
  }

  seek(position: { topic: string; partition: number; offset: number }): void {
    this.#next.set(`${position.topic} ${position.partition}`, { ...position })
  }

  member(): never {
    throw new Error('there is no group')
  }

  async commit(): Promise<void> {
    throw new Error('there is no group')
  }

  pause(): void {}

  resume(): void {}

  async close(): Promise<void> {
    this.#closed.abort()
  }

  async #assign(): Promise<void> {
    this.#assigned = true
    for (const topic of this.#options.topics) {
      for (const [partition, { length }] of this.#broker.records(topic).entries()) {
        this.seek({ topic, partition, offset: this.#options.startAt === 'latest' ? length : 0 })
      }
    }
    await this.#options.onAssigned?.(this.assignment())
  }

  #fetch(): FetchedBatch[] {
    const batches: FetchedBatch[] = []
    for (const position of this.#next.values()) {
      const { topic, partition, offset } = position
      const all = this.#broker.records(topic)[partition]!
      const builder = new RecordBatchBuilder()
      for (const { value, headers } of all.slice(offset)) builder.appendText(null, value, 0, headers)
      if (builder.count === 0) continue
      position.offset = all.length
      const built = builder.build()
      const records = new RecordBatch({ ...built, offsets: Float64Array.from(built.offsets, (_, i) => offset + i) })
      batches.push({ topic, partition, records, end: all.length })
    }
    return batches
  }
}

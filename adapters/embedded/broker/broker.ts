import {
  type Broker,
  type Clock,
  type ConsumerOptions,
  type Producer,
  type TopicDescription,
  type TopicSpec,
  WeirError,
} from '@weir/core'
import type { EncodedBatch } from './batch-codec.ts'
import type { BrokerEvent } from './broker-event.ts'
import { EmbeddedConsumer } from './consumer.ts'
import { ConsumerGroup } from './consumer-group.ts'
import type { Durability } from './database.ts'
import { LogStore } from './log-store.ts'
import { BatchProducer } from './producer.ts'
import { EmbeddedTransactionalProducer } from './transactional-producer.ts'

const MAX_SEGMENT_BYTES = 128 * 1024 * 1024
const MAX_TRANSACTION_BYTES = 64 * 1024 * 1024
const systemClock: Clock = { now: () => Date.now() }

export interface BrokerOptions {
  /** Data directory; made if need be. */
  readonly dir: string
  /** Time by which retention goes. */
  readonly clock?: Clock
  /** A segment file is left for a new one once its batches take this much. Bytes, default 128 MiB */
  readonly maxSegmentBytes?: number
  /** Bound on one transaction, as stored (perhaps compressed). Bytes, default 64 MiB */
  readonly maxTransactionBytes?: number
  /** What acknowledged records outlive; default `process`. */
  readonly durability?: Durability
  readonly onEvent?: (event: BrokerEvent) => void
}

/**
 * Opens the broker of a data directory in this thread, as its only owner. See {@link serveBroker} for other threads.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE if the directory can not be written or another process holds it
 */
export function openBroker(options: BrokerOptions): EmbeddedBroker {
  return new EmbeddedBroker(options)
}

export class EmbeddedBroker implements Broker {
  readonly #store: LogStore
  readonly #maxTransactionBytes: number
  /** Kept for the broker's life, as a member that timed out comes back to its group. */
  readonly #groups = new Map<string, ConsumerGroup>()
  readonly #consumers = new Set<EmbeddedConsumer>()
  /** Newest producer of each transactional id. No producer outlives the broker, so nor need these. */
  readonly #transactional = new Map<string, EmbeddedTransactionalProducer>()

  constructor(options: BrokerOptions) {
    this.#maxTransactionBytes = options.maxTransactionBytes ?? MAX_TRANSACTION_BYTES
    this.#store = new LogStore({
      directory: options.dir,
      clock: options.clock ?? systemClock,
      durability: options.durability ?? 'process',
      maxSegmentBytes: options.maxSegmentBytes ?? MAX_SEGMENT_BYTES,
      onEvent: options.onEvent ?? (() => {}),
    })
  }

  async ensureTopic(spec: TopicSpec): Promise<void> {
    this.#store.ensureTopic(spec)
  }

  async describeTopic(topic: string): Promise<TopicDescription> {
    const log = this.#store.log(topic)
    return { topic, topicId: log.topicId, partitions: log.offsets() }
  }

  async committedOffsets(groupId: string, topic: string): Promise<Map<number, number>> {
    return this.#store.groupOffsets(groupId, topic)
  }

  async producer(): Promise<Producer> {
    return new BatchProducer((topic, partition, batch) => this.append(topic, partition, batch))
  }

  /** As {@link Producer.send}, of a batch that another thread encoded. */
  async append(topic: string, partition: number, batch: EncodedBatch): Promise<number> {
    const log = this.#store.log(topic, partition)
    return this.#store.write({ batches: [{ log, partition, batch }], offsets: [] })
  }

  async transactionalProducer(transactionalId: string): Promise<EmbeddedTransactionalProducer> {
    const producer = new EmbeddedTransactionalProducer({
      store: this.#store,
      transactionalId,
      maxTransactionBytes: this.#maxTransactionBytes,
      isCurrent: (candidate) => this.#transactional.get(transactionalId) === candidate,
      group: (groupId) => this.#group(groupId),
      onClosed: (closed) => {
        if (this.#transactional.get(transactionalId) === closed) this.#transactional.delete(transactionalId)
      },
    })
    this.#transactional.set(transactionalId, producer)
    return producer
  }

  /** @throws WEIR_TOPIC_UNKNOWN, and WEIR_CONFIG_INVALID without a topic */
  async consumer(options: ConsumerOptions): Promise<EmbeddedConsumer> {
    if (options.topics.length === 0) throw new WeirError('WEIR_CONFIG_INVALID', 'A consumer needs one topic at least.')
    for (const topic of options.topics) this.#store.log(topic)
    const group = options.groupId === undefined ? null : this.#group(options.groupId)
    const consumer = new EmbeddedConsumer(this.#store, group, options, () => this.#consumers.delete(consumer))
    this.#consumers.add(consumer)
    return consumer
  }

  /** Drops the segments that are past their topic's retention now; done every 30 s by itself. */
  async enforceRetention(): Promise<void> {
    this.#store.enforceRetention()
  }

  async close(): Promise<void> {
    for (const consumer of this.#consumers) consumer.abandon()
    for (const group of this.#groups.values()) group.close()
    this.#store.close()
  }

  #group(groupId: string): ConsumerGroup {
    const group = this.#groups.get(groupId) ?? new ConsumerGroup(groupId, (topic) => this.#store.log(topic).partitions)
    this.#groups.set(groupId, group)
    return group
  }
}

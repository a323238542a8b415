import { type Producer, type RecordBatch, WeirError } from '@weir/core'
import type { KafkaSettings } from './config.ts'
import type { KafkaLink } from './link.ts'
import { PartitionLane } from './partition-lane.ts'
import type { ProducerIdentity } from './producer-identity.ts'

/** Bound on what may wait to be sent, by the bytes of its keys and values. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024

/**
 * Idempotent: a batch that is repeated because its answer was lost is appended once, and in its place. The brokers know a
 * producer by the timestamps of its last records, for a day (`producer.id.expiration.ms`): records dated earlier can be
 * repeated over a restart of a broker.
 */
export class KafkaProducer implements Producer {
  readonly #link: KafkaLink
  readonly #settings: KafkaSettings
  readonly #lanes = new Map<string, PartitionLane>()
  #identity: Promise<ProducerIdentity> | null = null
  #pendingBytes = 0
  #closed = false

  constructor(link: KafkaLink, settings: KafkaSettings) {
    this.#link = link
    this.#settings = settings
  }

  /**
   * As {@link Producer.send}.
   *
   * @throws WEIR_BROKER_UNAVAILABLE after `deliveryTimeoutMs`: the records may have been appended nevertheless;
   *   WEIR_OVERLOADED if more than 128 MiB wait; WEIR_RECORD_TOO_LARGE
   */
  async send(topic: string, partition: number, batch: RecordBatch): Promise<number> {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The producer was closed.')
    if (batch.count === 0) throw new WeirError('WEIR_RECORD_INVALID', 'The batch is empty: there is nothing to append.')
    const bytes = batch.bytes.length
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > MAX_PENDING_BYTES) {
      throw new WeirError(
        'WEIR_OVERLOADED',
        `${this.#pendingBytes} bytes wait for the Kafka brokers already: wait for earlier batches before sending more.`,
      )
    }
    this.#pendingBytes += bytes
    try {
      return await this.#lane(topic, partition).send(batch)
    } finally {
      this.#pendingBytes -= bytes
    }
  }

  /** Waits for what was sent, as long as it may be tried. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const lane of this.#lanes.values()) await lane.idle()
    await this.#link.close()
  }

  #lane(topic: string, partition: number): PartitionLane {
    const key = `${topic}\n${partition}`
    const known = this.#lanes.get(key)
    if (known !== undefined) return known
    const lane = new PartitionLane({
      link: this.#link,
      topic,
      partition,
      compression: this.#settings.compression,
      transactionalId: null,
      deliveryTimeoutMs: this.#settings.deliveryTimeoutMs,
      identity: (left) => this.#shared(left),
      canRenew: true,
    })
    this.#lanes.set(key, lane)
    return lane
  }

  /** Partitions share one, until one of them must leave it. */
  async #shared(left: ProducerIdentity | null): Promise<ProducerIdentity> {
    if (this.#identity !== null && (await this.#identity) === left) this.#identity = null
    this.#identity ??= this.#make()
    return this.#identity
  }

  async #make(): Promise<ProducerIdentity> {
    try {
      const broker = await this.#link.anyNode()
      return await broker.initProducerId({ transactionalId: null, transactionTimeout: 0 })
    } catch (error) {
      this.#identity = null
      throw error
    }
  }
}

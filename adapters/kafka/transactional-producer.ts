import {
  type GroupMember,
  type PartitionOffset,
  type RecordBatch,
  type TransactionalProducer,
  WeirError,
} from '@weir/core'
import type KafkaJsBroker from 'kafkajs/src/broker/index.js'
import type { KafkaSettings } from './config.ts'
import type { KafkaLink } from './link.ts'
import { PartitionLane } from './partition-lane.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { txnOffsetCommitCall } from './requests/txn-offset-commit.ts'

/** How long closing may take to abort; after it the brokers do so themselves, once the transaction times out. */
const ABORT_ON_CLOSE_MS = 5000

interface OpenTransaction {
  /** `topic\npartition` of those that the coordinator was told of. */
  readonly partitions: Set<string>
  readonly groups: Set<string>
  /** Why it can not be committed any more. */
  failure: WeirError | null
}

/**
 * Kafka's transactions (KIP-98): the coordinator gives each new producer of the transactional id a higher epoch, and every
 * broker refuses the older ones.
 */
export class KafkaTransactionalProducer implements TransactionalProducer {
  readonly #link: KafkaLink
  readonly #settings: KafkaSettings
  readonly #transactionalId: string
  readonly #identity: ProducerIdentity
  readonly #lanes = new Map<string, PartitionLane>()
  #open: OpenTransaction | null = null
  #ending = false
  #fenced: WeirError | null = null
  #closed = false

  private constructor(link: KafkaLink, settings: KafkaSettings, transactionalId: string, identity: ProducerIdentity) {
    this.#link = link
    this.#settings = settings
    this.#transactionalId = transactionalId
    this.#identity = identity
  }

  /** Fences the id's earlier producers, and waits until their open transaction is aborted. */
  static async start(
    link: KafkaLink,
    settings: KafkaSettings,
    transactionalId: string,
  ): Promise<KafkaTransactionalProducer> {
    const identity = await link.retrying(`start the transactional producer ${transactionalId}`, async () => {
      const coordinator = await link.coordinator('transaction', transactionalId)
      return coordinator.initProducerId({ transactionalId, transactionTimeout: settings.transactionTimeoutMs })
    })
    return new KafkaTransactionalProducer(link, settings, transactionalId, identity)
  }

  async begin(): Promise<void> {
    this.#refuseIfFenced()
    if (this.#open !== null || this.#ending) {
      throw this.#wrongState('has a transaction open already: commit or abort it first')
    }
    this.#open = { partitions: new Set(), groups: new Set(), failure: null }
  }

  async send(topic: string, partition: number, batch: RecordBatch): Promise<void> {
    const transaction = this.#transaction()
    if (batch.count === 0) return
    try {
      await this.#lane(topic, partition).send(batch)
    } catch (error) {
      throw this.#noteFailure(transaction, error)
    }
  }

  async sendOffsets(member: GroupMember, offsets: readonly PartitionOffset[]): Promise<void> {
    const transaction = this.#transaction()
    if (offsets.length === 0) return
    const { groupId } = member
    const transactionalId = this.#transactionalId
    try {
      if (!transaction.groups.has(groupId)) {
        await this.#ask(`add group ${groupId} to a transaction`, (coordinator) =>
          coordinator.addOffsetsToTxn({ ...this.#call, groupId }),
        )
        transaction.groups.add(groupId)
      }
      await this.#link.retrying(`commit offsets of group ${groupId} in a transaction`, async () => {
        const coordinator = await this.#link.coordinator('group', groupId)
        const call = txnOffsetCommitCall({ transactionalId, producer: this.#identity, member, offsets })
        await this.#link.send(coordinator, call)
      })
    } catch (error) {
      throw this.#noteFailure(transaction, error)
    }
  }

  /** As {@link TransactionalProducer.commit}. Readers see the records some milliseconds after it resolves. */
  async commit(): Promise<void> {
    const transaction = this.#transaction()
    this.#ending = true
    try {
      await this.#idle()
      if (transaction.failure !== null) {
        throw this.#wrongState('can not commit what failed in part: abort it', transaction.failure)
      }
      await this.#end(transaction, true)
      this.#open = null
    } finally {
      this.#ending = false
    }
  }

  async abort(): Promise<void> {
    await this.#abort()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    try {
      await this.#abort(ABORT_ON_CLOSE_MS)
    } catch (error) {
      if (!(error instanceof WeirError && error.code === 'WEIR_BROKER_UNAVAILABLE')) throw error
    } finally {
      this.#closed = true
      await this.#link.close()
    }
  }

  async #abort(giveUpAfterMs?: number): Promise<void> {
    const transaction = this.#open
    if (transaction === null) return
    this.#ending = true
    try {
      for (const lane of this.#lanes.values()) lane.drop(this.#wrongState('aborts the transaction'))
      await this.#idle()
      // The coordinator aborted a fenced producer's transaction already.
      if (this.#fenced === null) await this.#end(transaction, false, giveUpAfterMs)
    } catch (error) {
      if (this.#fenced === null) throw error
    } finally {
      this.#open = null
      this.#ending = false
    }
  }

  async #end({ partitions, groups }: OpenTransaction, transactionResult: boolean, giveUpAfterMs?: number) {
    if (partitions.size === 0 && groups.size === 0) return
    await this.#ask(
      transactionResult ? 'commit a transaction' : 'abort a transaction',
      (coordinator) => coordinator.endTxn({ ...this.#call, transactionResult }),
      giveUpAfterMs,
    )
  }

  async #idle(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane.idle()
  }

  /** Asks the transaction's coordinator. */
  async #ask(doing: string, ask: (coordinator: KafkaJsBroker) => Promise<unknown>, giveUpAfterMs?: number) {
    const attempt = async () => ask(await this.#link.coordinator('transaction', this.#transactionalId))
    try {
      await this.#link.retrying(doing, attempt, giveUpAfterMs)
    } catch (error) {
      throw this.#noteFenced(error)
    }
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
      transactionalId: this.#transactionalId,
      // Giving up would leave open what was appended; the coordinator's own time-out ends it, by fencing this producer.
      deliveryTimeoutMs: Number.POSITIVE_INFINITY,
      identity: async () => this.#identity,
      canRenew: false,
      beforeSend: () => this.#addPartition(key, topic, partition),
    })
    this.#lanes.set(key, lane)
    return lane
  }

  async #addPartition(key: string, topic: string, partition: number): Promise<void> {
    const transaction = this.#open
    if (transaction === null || transaction.partitions.has(key)) return
    const coordinator = await this.#link.coordinator('transaction', this.#transactionalId)
    await coordinator.addPartitionsToTxn({ ...this.#call, topics: [{ topic, partitions: [partition] }] })
    transaction.partitions.add(key)
  }

  get #call() {
    return { transactionalId: this.#transactionalId, ...this.#identity }
  }

  #transaction(): OpenTransaction {
    this.#refuseIfFenced()
    if (this.#open !== null && !this.#ending) return this.#open
    throw this.#wrongState('has no transaction open: begin one first')
  }

  #noteFailure(transaction: OpenTransaction, error: unknown): unknown {
    if (error instanceof WeirError) transaction.failure ??= error
    return this.#noteFenced(error)
  }

  #noteFenced(error: unknown): unknown {
    if (error instanceof WeirError && error.code === 'WEIR_PRODUCER_FENCED') this.#fenced ??= error
    return error
  }

  #refuseIfFenced(): void {
    if (this.#closed) {
      throw new WeirError('WEIR_CLOSED', `Transactional producer ${this.#transactionalId} was closed.`)
    }
    if (this.#fenced === null) return
    throw new WeirError('WEIR_PRODUCER_FENCED', this.#fenced.message, { cause: this.#fenced })
  }

  #wrongState(problem: string, cause?: WeirError): WeirError {
    const message = `Transactional producer ${this.#transactionalId} ${problem}.`
    return new WeirError('WEIR_TRANSACTION_STATE', message, { cause })
  }
}

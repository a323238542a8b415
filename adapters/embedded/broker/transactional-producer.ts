import {
  type GroupMember,
  type PartitionOffset,
  type RecordBatch,
  type TransactionalProducer,
  WeirError,
} from '@weir/core'
import { type EncodedBatch, encodeBatch } from './batch-codec.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { LogStore } from './log-store.ts'
import type { UnitBatch } from './log-writer.ts'
import type { GroupOffset } from './meta-store.ts'
import { requireOffset } from './offset.ts'

interface TransactionScope {
  readonly store: LogStore
  readonly maxTransactionBytes: number
  readonly transactionalId: string
  /** False once a newer producer took the transactional id. */
  readonly isCurrent: (producer: EmbeddedTransactionalProducer) => boolean
  readonly group: (groupId: string) => ConsumerGroup
  readonly onClosed: (producer: EmbeddedTransactionalProducer) => void
}

interface OpenTransaction {
  readonly batches: UnitBatch[]
  readonly offsets: GroupOffset[]
  /** Run at the commit: what was allowed when it was added may be fenced since. */
  readonly checks: (() => void)[]
  bytes: number
}

/**
 * Keeps a transaction in memory and writes it as one unit at commit, so that offsets are given then and no reader ever
 * meets records of an open or aborted transaction.
 */
export class EmbeddedTransactionalProducer implements TransactionalProducer {
  readonly #scope: TransactionScope
  #open: OpenTransaction | null = null
  #committing: Promise<number> | null = null
  #closed = false

  constructor(scope: TransactionScope) {
    this.#scope = scope
  }

  async begin(): Promise<void> {
    this.#refuseIfFenced()
    if (this.#open !== null || this.#committing !== null) {
      throw new WeirError(
        'WEIR_TRANSACTION_STATE',
        `${this.#name} has a transaction open already: commit or abort it first.`,
      )
    }
    this.#open = { batches: [], offsets: [], checks: [], bytes: 0 }
  }

  async send(topic: string, partition: number, batch: RecordBatch): Promise<void> {
    return this.sendEncoded(topic, partition, encodeBatch(batch))
  }

  /**
   * As {@link send}.
   *
   * @throws WEIR_RECORD_TOO_LARGE if the transaction grew over its bound; it stays open without the batch
   */
  async sendEncoded(topic: string, partition: number, batch: EncodedBatch): Promise<void> {
    const transaction = this.#transaction()
    const log = this.#scope.store.log(topic, partition)
    const { maxTransactionBytes } = this.#scope
    if (transaction.bytes + batch.blob.length > maxTransactionBytes) {
      throw new WeirError(
        'WEIR_RECORD_TOO_LARGE',
        `The transaction of ${this.#name} would exceed ${maxTransactionBytes} bytes: commit more often.`,
      )
    }
    transaction.bytes += batch.blob.length
    transaction.batches.push({ log, partition, batch })
  }

  async sendOffsets(member: GroupMember, offsets: readonly PartitionOffset[]): Promise<void> {
    const transaction = this.#transaction()
    const group = this.#scope.group(member.groupId)
    const check = () => group.check(member, offsets)
    check()
    const { groupId } = member
    transaction.offsets.push(
      ...offsets.map(({ topic, partition, offset }) => ({ groupId, topic, partition, offset: requireOffset(offset) })),
    )
    transaction.checks.push(check)
  }

  async commit(): Promise<void> {
    const { batches, offsets, checks } = this.#transaction()
    this.#open = null
    this.#committing = this.#scope.store.write({
      batches,
      offsets,
      check: () => {
        this.#refuseIfFenced()
        for (const check of checks) check()
      },
    })
    try {
      await this.#committing
    } finally {
      this.#committing = null
    }
  }

  async abort(): Promise<void> {
    this.#open = null
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#open = null
    await Promise.allSettled([this.#committing])
    this.#closed = true
    this.#scope.onClosed(this)
  }

  get #name(): string {
    return `Transactional producer ${this.#scope.transactionalId}`
  }

  #transaction(): OpenTransaction {
    this.#refuseIfFenced()
    if (this.#open !== null) return this.#open
    throw new WeirError('WEIR_TRANSACTION_STATE', `${this.#name} has no transaction open: begin one first.`)
  }

  #refuseIfFenced(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', `${this.#name} was closed.`)
    if (this.#scope.isCurrent(this)) return
    this.#open = null
    throw new WeirError(
      'WEIR_PRODUCER_FENCED',
      `${this.#name} was replaced by a newer one of the same id: stop this one.`,
    )
  }
}

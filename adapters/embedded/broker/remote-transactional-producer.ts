import type { GroupMember, PartitionOffset, RecordBatch, TransactionalProducer } from '@weir/core'
import { encodeBatch } from './batch-codec.ts'
import type { Connection } from './connection.ts'

/** A transactional producer whose transaction is kept by the broker's thread. */
export class RemoteTransactionalProducer implements TransactionalProducer {
  readonly #connection: Connection
  readonly #handle: number
  #closed = false

  constructor(connection: Connection, handle: number) {
    this.#connection = connection
    this.#handle = handle
  }

  async begin(): Promise<void> {
    await this.#connection.call({ op: 'begin', handle: this.#handle })
  }

  async send(topic: string, partition: number, batch: RecordBatch): Promise<void> {
    await this.#connection.call({ op: 'send', handle: this.#handle, topic, partition, batch: encodeBatch(batch) })
  }

  async sendOffsets(member: GroupMember, offsets: readonly PartitionOffset[]): Promise<void> {
    await this.#connection.call({ op: 'send-offsets', handle: this.#handle, member, offsets })
  }

  async commit(): Promise<void> {
    await this.#connection.call({ op: 'commit-transaction', handle: this.#handle })
  }

  async abort(): Promise<void> {
    await this.#connection.call({ op: 'abort', handle: this.#handle })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#connection.call({ op: 'close-transactional', handle: this.#handle })
  }
}

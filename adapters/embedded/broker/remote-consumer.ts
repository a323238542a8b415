import {
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  type GroupMember,
  type PartitionOffset,
  type TopicPartition,
  WeirError,
} from '@weir/core'
import { partitionKey } from '../../groups/assignment.ts'
import { decodeBatch } from './batch-codec.ts'
import type { Connection } from './connection.ts'
import type { PollOptions } from './consumer.ts'
import { requireOffset } from './offset.ts'
import { type Callback, type ConsumerState, fromSentError } from './protocol.ts'

/** A consumer whose positions and membership are kept by the broker's thread; it decodes, and runs callbacks, in its own. */
export class RemoteConsumer implements Consumer {
  readonly #connection: Connection
  readonly #handle: number
  readonly #callbacks: Callbacks
  #state: ConsumerState
  #closed = false

  constructor(connection: Connection, handle: number, state: ConsumerState, callbacks: Callbacks) {
    this.#connection = connection
    this.#handle = handle
    this.#state = state
    this.#callbacks = callbacks
  }

  async poll({ maxWaitMs, maxBytes }: PollOptions): Promise<FetchedBatch[]> {
    const answer = await this.#connection.call({ op: 'poll', handle: this.#handle, maxWaitMs, maxBytes })
    const { fetched, failure, state } = answer
    this.#state = state
    if (failure !== null) throw fromSentError(failure)
    return fetched.map(({ topic, partition, end, baseOffset, skip, blob }) => ({
      topic,
      partition,
      end,
      records: decodeBatch(blob, baseOffset, skip),
    }))
  }

  /** Runs `onAssigned` or `onRevoked` for the broker, which waits for it inside a poll. */
  async run({ partitions, lost, state }: Callback): Promise<void> {
    this.#state = state
    if (lost === undefined) await this.#callbacks.onAssigned?.(partitions)
    else await this.#callbacks.onRevoked?.(partitions, lost)
  }

  assignment(): readonly TopicPartition[] {
    return this.#state.assignment
  }

  member(): GroupMember {
    if (this.#state.member !== null) return this.#state.member
    throw new WeirError('WEIR_GROUP_FENCED', 'This consumer has no group: give it a groupId to commit offsets.')
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    await this.#connection.call({ op: 'commit-offsets', handle: this.#handle, offsets })
  }

  seek(position: PartitionOffset): void {
    requireOffset(position.offset)
    this.#requireAssigned([position])
    this.#connection.tell({ op: 'seek', handle: this.#handle, position })
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#requireAssigned(partitions)
    this.#connection.tell({ op: 'pause', handle: this.#handle, partitions })
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#requireAssigned(partitions)
    this.#connection.tell({ op: 'resume', handle: this.#handle, partitions })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#connection.call({ op: 'close-consumer', handle: this.#handle })
    this.#connection.consumers.delete(this.#handle)
  }

  #requireAssigned(partitions: readonly TopicPartition[]): void {
    const assigned = new Set(this.#state.assignment.map(partitionKey))
    for (const partition of partitions) {
      if (assigned.has(partitionKey(partition))) continue
      throw new WeirError(
        'WEIR_GROUP_FENCED',
        `Partition ${partition.partition} of topic ${partition.topic} is not assigned to this consumer.`,
      )
    }
  }
}

interface Callbacks {
  readonly onAssigned: ConsumerOptions['onAssigned']
  readonly onRevoked: ConsumerOptions['onRevoked']
}

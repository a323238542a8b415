import { setImmediate as nextTurn } from 'node:timers/promises'
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
import type { ConsumerGroup, Member } from './consumer-group.ts'
import type { LogStore } from './log-store.ts'
import { requireOffset } from './offset.ts'
import type { ConsumerState } from './protocol.ts'
import { type Position, readFairly, type StoredFetch } from './reading.ts'

const DEFAULT_SESSION_TIMEOUT_MS = 30_000

export interface PollOptions {
  readonly maxWaitMs: number
  readonly maxBytes: number
}

/** A reader in the broker's own thread. */
export class EmbeddedConsumer implements Consumer {
  readonly #store: LogStore
  readonly #group: ConsumerGroup | null
  readonly #options: ConsumerOptions
  readonly #onLeft: () => void
  readonly #positions = new Map<string, Position>()
  #member: Member | null = null
  #assignedAll = false
  #polling: Promise<unknown> | null = null
  #wake: (() => void) | null = null
  #closed = false
  #failure: WeirError | undefined

  /** @param group that of `options.groupId`, null without one */
  constructor(store: LogStore, group: ConsumerGroup | null, options: ConsumerOptions, onLeft: () => void) {
    this.#store = store
    this.#group = group
    this.#options = options
    this.#onLeft = onLeft
    this.#member = this.#join()
  }

  async poll(options: PollOptions): Promise<FetchedBatch[]> {
    const fetched = await this.pollStored(options)
    return fetched.map(({ topic, partition, end, baseOffset, skip, blob }) => ({
      topic,
      partition,
      end,
      records: decodeBatch(blob, baseOffset, skip),
    }))
  }

  /** As {@link poll}, without decoding. */
  async pollStored(options: PollOptions): Promise<StoredFetch[]> {
    this.#refuseIfClosed()
    if (this.#polling !== null) throw new Error('A consumer can be polled by one caller at a time.')
    const polling = this.#poll(options)
    this.#polling = polling
    try {
      return await polling
    } finally {
      this.#polling = null
    }
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#positions.values()].map(({ topic, partition }) => ({ topic, partition }))
  }

  member(): GroupMember {
    const { groupId, member } = this.#membership()
    return { groupId, memberId: member.memberId, generation: member.generation }
  }

  /** What {@link assignment} and {@link member} tell, for a client in another thread. */
  state(): ConsumerState {
    return { assignment: this.assignment(), member: this.#member === null ? null : this.member() }
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { group, groupId } = this.#membership()
    const identity = this.member()
    for (const { offset } of offsets) requireOffset(offset)
    await this.#store.write({
      batches: [],
      offsets: offsets.map((offset) => ({ ...offset, groupId })),
      check: () => group.check(identity, offsets),
    })
  }

  seek(position: PartitionOffset): void {
    this.#position(position).offset = requireOffset(position.offset)
    this.#failure = undefined
    this.#wake?.()
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#position(partition).paused = true
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#position(partition).paused = false
    this.#wake?.()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#wake?.()
    // A poll that failed has told its caller; leaving goes on.
    await this.#polling?.catch(() => undefined)
    try {
      const held = this.assignment()
      if (this.#member !== null && held.length > 0) {
        await this.#options.onRevoked?.(held, this.#group?.has(this.#member) === false)
      }
    } finally {
      this.abandon()
    }
  }

  /** Leaves the group at once, without callbacks: for a client that is gone. */
  abandon(): void {
    this.#closed = true
    if (this.#member !== null) this.#group?.remove(this.#member)
    this.#positions.clear()
    this.#wake?.()
    this.#onLeft()
  }

  async #poll({ maxWaitMs, maxBytes }: PollOptions): Promise<StoredFetch[]> {
    const deadlineMs = performance.now() + maxWaitMs
    // A reader with a backlog would otherwise go on from promise to promise, and no timer or socket get its turn.
    await nextTurn()
    for (;;) {
      this.#heartbeat()
      await this.#rebalance()
      const fetched = this.#closed ? [] : this.#fetch(maxBytes)
      const leftMs = deadlineMs - performance.now()
      if (fetched.length > 0 || this.#closed || leftMs <= 0) return fetched
      await this.#wait(leftMs)
    }
  }

  async #rebalance(): Promise<void> {
    if (this.#group === null) {
      if (!this.#assignedAll) await this.#assign(this.#allPartitions(), null)
      this.#assignedAll = true
      return
    }
    while (!this.#closed) {
      const member = this.#member!
      if (!this.#group.has(member)) {
        await this.#rejoin()
        continue
      }
      const { revoke, assign } = this.#group.step(member)
      if (revoke.length > 0) await this.#revoke(this.#group, member, revoke)
      else if (assign.length > 0) await this.#takeOver(this.#group, member, assign)
      else return
      this.#heartbeat()
    }
  }

  async #rejoin(): Promise<void> {
    const lost = this.assignment()
    this.#positions.clear()
    this.#member = this.#join()
    if (lost.length > 0) await this.#options.onRevoked?.(lost, true)
  }

  async #revoke(group: ConsumerGroup, member: Member, partitions: readonly TopicPartition[]): Promise<void> {
    await this.#options.onRevoked?.(partitions, false)
    if (!group.has(member)) return
    for (const partition of partitions) this.#positions.delete(partitionKey(partition))
    group.release(member, partitions)
  }

  async #takeOver(group: ConsumerGroup, member: Member, partitions: readonly TopicPartition[]): Promise<void> {
    group.take(member, partitions)
    try {
      await this.#assign(partitions, group.groupId)
    } catch (error) {
      // The next poll takes them over again: reading must not begin behind a callback that failed.
      for (const partition of partitions) this.#positions.delete(partitionKey(partition))
      if (group.has(member)) group.release(member, partitions)
      throw error
    }
  }

  async #assign(partitions: readonly TopicPartition[], groupId: string | null): Promise<void> {
    for (const { topic, partition } of partitions) {
      const log = this.#store.log(topic, partition)
      const committed = groupId === null ? undefined : this.#store.groupOffsets(groupId, topic).get(partition)
      const start = this.#options.startAt === 'earliest' ? log.earliest(partition) : log.end(partition)
      const position = { topic, partition, offset: committed ?? start, paused: false }
      this.#positions.set(partitionKey(position), position)
    }
    await this.#options.onAssigned?.(partitions)
  }

  #fetch(maxBytes: number): StoredFetch[] {
    if (this.#failure !== undefined) {
      const failure = this.#failure
      this.#failure = undefined
      throw failure
    }
    const { fetched, failure } = readFairly(this.#store, this.#positions, maxBytes, (moved) =>
      this.#store.onEvent({ kind: 'position-moved', groupId: this.#options.groupId ?? null, ...moved }),
    )
    if (failure !== undefined && fetched.length === 0) throw failure
    this.#failure = failure
    return fetched
  }

  /** Until there may be something to do, or the time is over. */
  async #wait(maxMs: number): Promise<void> {
    if (this.#mustRebalance()) return
    if (this.#member !== null) this.#group?.suspendDeadline(this.#member)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.ceil(maxMs))
    const stopListening = this.#store.onCommitted(() => {
      if (this.#hasRecords()) resolve()
    })
    this.#wake = resolve
    try {
      await promise
    } finally {
      this.#wake = null
      stopListening()
      clearTimeout(timer)
    }
  }

  #mustRebalance(): boolean {
    if (this.#group === null || this.#member === null) return false
    if (!this.#group.has(this.#member)) return true
    const { revoke, assign } = this.#group.step(this.#member)
    return revoke.length + assign.length > 0
  }

  #hasRecords(): boolean {
    for (const { topic, partition, offset, paused } of this.#positions.values()) {
      if (!paused && offset < this.#store.log(topic).end(partition)) return true
    }
    return false
  }

  #join(): Member | null {
    if (this.#group === null) return null
    return this.#group.join({
      topics: new Set(this.#options.topics),
      sessionTimeoutMs: this.#options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
      wake: () => this.#wake?.(),
    })
  }

  #heartbeat(): void {
    if (this.#member !== null && this.#group?.has(this.#member)) this.#group.heartbeat(this.#member)
  }

  #allPartitions(): TopicPartition[] {
    return this.#options.topics.flatMap((topic) =>
      Array.from({ length: this.#store.log(topic).partitions }, (_, partition) => ({ topic, partition })),
    )
  }

  #membership(): { group: ConsumerGroup; groupId: string; member: Member } {
    if (this.#group === null || this.#member === null) {
      throw new WeirError('WEIR_GROUP_FENCED', 'This consumer has no group: give it a groupId to commit offsets.')
    }
    return { group: this.#group, groupId: this.#group.groupId, member: this.#member }
  }

  #position(partition: TopicPartition): Position {
    const position = this.#positions.get(partitionKey(partition))
    if (position !== undefined) return position
    throw new WeirError(
      'WEIR_GROUP_FENCED',
      `Partition ${partition.partition} of topic ${partition.topic} is not assigned to this consumer.`,
    )
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The consumer was closed.')
  }
}

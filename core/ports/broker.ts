import type { RecordBatch } from '../records/record-batch.ts'

/**
 * Topics, partitions, offsets, consumer groups and transactions, with Kafka's meaning of each. Offsets count from 0 per
 * partition; a committed offset is that of the next record to read.
 */
export interface Broker {
  /**
   * Makes the topic if it is not there; an existing one is left as it is.
   *
   * @throws WEIR_TOPIC_MISMATCH if it exists with another number of partitions
   */
  ensureTopic(spec: TopicSpec): Promise<void>
  /** @throws WEIR_TOPIC_UNKNOWN */
  describeTopic(topic: string): Promise<TopicDescription>
  /** Next offset to read for each partition that the group has committed. */
  committedOffsets(groupId: string, topic: string): Promise<Map<number, number>>
  producer(): Promise<Producer>
  /** Fences every earlier producer of the same id: their next call fails with WEIR_PRODUCER_FENCED. */
  transactionalProducer(transactionalId: string): Promise<TransactionalProducer>
  consumer(options: ConsumerOptions): Promise<Consumer>
  /** Every client of this broker must be closed first. */
  close(): Promise<void>
}

export interface TopicSpec {
  readonly topic: string
  /** ≥ 1 */
  readonly partitions: number
  /** Records older than this (broker time) may be dropped, whole segments at a time. ms; absent: kept for ever */
  readonly retentionMs?: number
  /** Bytes per partition above which the oldest segments may be dropped; absent: no bound */
  readonly retentionBytes?: number
}

export interface TopicDescription {
  readonly topic: string
  /** Identity that a deleted and recreated topic does not share; offsets mean something only together with it. */
  readonly topicId: string
  readonly partitions: readonly PartitionOffsets[]
}

export interface PartitionOffsets {
  readonly partition: number
  /** Offset of the first record still kept. */
  readonly earliest: number
  /** Offset that the next committed record will get: the end for `read_committed` readers. */
  readonly end: number
}

export interface Producer {
  /**
   * Appends the batch in order; resolves once it survives a kill -9 of the broker.
   *
   * @returns offset of its first record
   * @throws WEIR_TOPIC_UNKNOWN
   */
  send(topic: string, partition: number, batch: RecordBatch): Promise<number>
  close(): Promise<void>
}

/** One transaction at a time; all its batches and offsets become visible together at commit, or never. */
export interface TransactionalProducer {
  /** @throws WEIR_TRANSACTION_STATE if one is open already */
  begin(): Promise<void>
  /** @throws WEIR_TRANSACTION_STATE, WEIR_PRODUCER_FENCED, WEIR_TOPIC_UNKNOWN */
  send(topic: string, partition: number, batch: RecordBatch): Promise<void>
  /**
   * Commits the group's offsets with the transaction.
   *
   * @param member of the consumer whose records these are: a commit by a member that lost the partition is refused
   * @throws WEIR_GROUP_FENCED, WEIR_TRANSACTION_STATE
   */
  sendOffsets(member: GroupMember, offsets: readonly PartitionOffset[]): Promise<void>
  /** Resolves once all of it survives a kill -9. */
  commit(): Promise<void>
  /** Drops all of it; no effect if no transaction is open. */
  abort(): Promise<void>
  /** Aborts an open transaction. */
  close(): Promise<void>
}

export interface GroupMember {
  readonly groupId: string
  readonly memberId: string
  readonly generation: number
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface PartitionOffset extends TopicPartition {
  /** Next offset to read. */
  readonly offset: number
}

export interface ConsumerOptions {
  /** Absent: no group; all partitions are assigned, nothing can be committed, reading starts at `startAt`. */
  readonly groupId?: string
  readonly topics: readonly string[]
  /** Where to start in a partition without a committed offset. */
  readonly startAt: 'earliest' | 'latest'
  /** A member that does not poll for this long loses its partitions. ms, default 30_000 */
  readonly sessionTimeoutMs?: number
  /**
   * Called inside `poll`, after the partitions were revoked from the others and before records of theirs arrive.
   * Reading starts at the committed offset (or `startAt`) unless the callback seeks.
   */
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => Promise<void> | void
  /**
   * Called inside `poll` before the partitions go to others: the last chance to commit them. `lost` means that they are
   * gone already (the session timed out) and commits will be refused.
   */
  readonly onRevoked?: (partitions: readonly TopicPartition[], lost: boolean) => Promise<void> | void
}

export interface FetchedBatch extends TopicPartition {
  readonly records: RecordBatch
  /** `end` of the partition when it was fetched: the lag is `end - (last offset + 1)`. */
  readonly end: number
}

export interface Consumer {
  /**
   * Next records, as a committed reader sees them, in offset order per partition; empty after `maxWaitMs` without any.
   *
   * @param maxBytes soft bound over all batches: at least one record is returned if there is any
   */
  poll(options: { readonly maxWaitMs: number; readonly maxBytes: number }): Promise<FetchedBatch[]>
  assignment(): readonly TopicPartition[]
  /** Identity for {@link TransactionalProducer.sendOffsets}; valid until the next rebalance. */
  member(): GroupMember
  /** @throws WEIR_GROUP_FENCED if the member lost one of the partitions */
  commit(offsets: readonly PartitionOffset[]): Promise<void>
  seek(position: PartitionOffset): void
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Leaves the group at once (after `onRevoked`), so that others take over without waiting for the time-out. */
  close(): Promise<void>
}

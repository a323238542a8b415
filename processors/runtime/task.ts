import type { Clock, FetchedBatch, RecordBatch, Topic } from '@weir/core'
import type { Logger } from 'pino'
import type { RoleMeter } from './role-meter.ts'

/** A processor over the partitions of one topic: the runner opens a task for each partition it is assigned. */
export interface Topology {
  /** Role, consumer group and first part of transactional ids. */
  readonly name: string
  readonly inputTopic: Topic
  readonly outputTopics: readonly Topic[]
  /**
   * `transaction`: what a task emits and the offset it has read to become visible together. `at-least-once`: what it
   * emits is visible at once, and the offset is committed after; a crash between repeats it, so it must carry an
   * identity that makes the repetition harmless.
   */
  readonly delivery: 'transaction' | 'at-least-once'
  /** Soft bound of one poll, over all partitions. */
  readonly pollMaxBytes: number
  /** Longest time between reading a record and committing it, while the stores keep up. ms */
  readonly commitIntervalMs: number
  openTask(context: TaskContext): Promise<Task>
}

export interface TaskContext {
  readonly partition: number
  /** Identity of the input topic. */
  readonly topicId: string
  readonly inputPartitions: number
  /** Whether there is nothing to read when the task opens. */
  readonly caughtUp: boolean
  readonly clock: Clock
  readonly meter: RoleMeter
  readonly logger: Logger
  /** Number of partitions of an output topic. */
  partitionsOf(topic: Topic): number
}

/** Work on one partition. Calls never overlap. A task that threw is dropped, and opened anew at the committed offset. */
export interface Task {
  /** Takes the batch in. What it keeps in memory is bounded by asking for a flush through {@link full}. */
  process(batch: FetchedBatch): Promise<void>
  /** True when it holds as much as it may: the runner flushes before it reads on. */
  full(): boolean
  /** True when there is something to emit though no record came, such as news of idleness. */
  wantsFlush(nowMs: number): boolean
  /** Makes the effects of all records taken in durable; the offset is committed after it resolves. */
  flush(emit: Emit): Promise<void>
}

export type Emit = (topic: Topic, partition: number, batch: RecordBatch) => Promise<void>

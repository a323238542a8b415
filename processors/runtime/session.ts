import { setTimeout as delay } from 'node:timers/promises'
import type {
  Broker,
  Clock,
  Consumer,
  FetchedBatch,
  Producer,
  Topic,
  TopicDescription,
  TopicPartition,
  TransactionalProducer,
} from '@weir/core'
import type { Logger } from 'pino'
import type { RoleMeter } from './role-meter.ts'
import type { Emit, Task, Topology } from './task.ts'

export interface SessionDeps {
  readonly broker: Broker
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: RoleMeter
}

/** A task with its place in the partition. */
interface RunningTask {
  readonly partition: number
  readonly task: Task
  /** One transactional id per partition: a task that takes the partition over fences the one before. */
  readonly producer: TransactionalProducer | undefined
  /** Next offset to read; -1 before the first record. */
  position: number
  committed: number
  /** End of the partition when it was last fetched. */
  end: number
}

const MAX_WAIT_MS = 250
/** While a flush takes longer than this the consumer is polled, paused, to stay in its group. */
const HEARTBEAT_MS = 3_000

/**
 * One membership in the consumer group, from joining to leaving. The loop reads nothing while a task flushes: that is the
 * backpressure of a slow store. Any error ends the session, and with it all that is in memory; the next one starts at the
 * committed offsets.
 */
export class Session {
  readonly #topology: Topology
  readonly #deps: SessionDeps
  readonly #partitionsOf: ReadonlyMap<Topic, number>
  readonly #input: TopicDescription
  readonly #producer: Producer | undefined
  readonly #tasks = new Map<number, RunningTask>()
  #consumer!: Consumer
  /** By the monotonic clock: intervals must not hang on a wall clock that is set back. */
  #committedMs: number
  #broken = false
  #flushing: Promise<unknown> = Promise.resolve()
  /** Read and not yet processed; those of a revoked partition are dropped, as its next task reads them again. */
  #fetched: FetchedBatch[] = []

  private constructor(
    topology: Topology,
    deps: SessionDeps,
    input: TopicDescription,
    partitionsOf: ReadonlyMap<Topic, number>,
    producer: Producer | undefined,
  ) {
    this.#topology = topology
    this.#deps = deps
    this.#input = input
    this.#partitionsOf = partitionsOf
    this.#producer = producer
    this.#committedMs = performance.now()
  }

  /** @throws WEIR_TOPIC_UNKNOWN if the input or an output topic is missing */
  static async open(topology: Topology, deps: SessionDeps): Promise<Session> {
    const { broker } = deps
    const input = await broker.describeTopic(topology.inputTopic)
    const partitionsOf = new Map<Topic, number>()
    for (const topic of topology.outputTopics) {
      partitionsOf.set(topic, (await broker.describeTopic(topic)).partitions.length)
    }
    const producer = topology.delivery === 'at-least-once' ? await broker.producer() : undefined
    const session = new Session(topology, deps, input, partitionsOf, producer)
    session.#consumer = await broker.consumer({
      groupId: topology.name,
      topics: [topology.inputTopic],
      startAt: 'earliest',
      onAssigned: (partitions) => session.#assign(partitions),
      onRevoked: (partitions, lost) => session.#revoke(partitions, lost),
    })
    return session
  }

  /**
   * Reads once and commits if it is time; an error leaves the session to be closed.
   *
   * @returns whether all that was read is committed
   */
  async turn(): Promise<boolean> {
    try {
      await this.#fetch(this.#maxWaitMs(), this.#topology.pollMaxBytes)
      for (let next = this.#fetched.shift(); next !== undefined; next = this.#fetched.shift()) {
        await this.#process(next)
      }
      await this.#commitIfDue()
      this.#report()
      return [...this.#tasks.values()].every(({ position, committed }) => position <= committed)
    } catch (error) {
      this.#broken = true
      throw error
    }
  }

  /** Commits what is in memory unless the session failed, and leaves the group. */
  async close(): Promise<void> {
    try {
      await this.#consumer.close()
    } finally {
      for (const running of this.#tasks.values()) await running.producer?.close()
      this.#tasks.clear()
      await this.#producer?.close()
    }
  }

  async #fetch(maxWaitMs: number, maxBytes: number): Promise<void> {
    const batches = await this.#consumer.poll({ maxWaitMs, maxBytes })
    this.#fetched.push(...batches)
  }

  #maxWaitMs(): number {
    const sinceMs = performance.now() - this.#committedMs
    return Math.max(1, Math.min(MAX_WAIT_MS, this.#topology.commitIntervalMs - sinceMs))
  }

  async #process(batch: FetchedBatch): Promise<void> {
    const running = this.#tasks.get(batch.partition)
    const { records } = batch
    if (running === undefined || records.count === 0) return
    await running.task.process(batch)
    running.position = records.offset(records.count - 1) + 1
    running.end = batch.end
    this.#deps.meter.add('records_in', records.count)
    if (running.task.full()) await this.#commit([running])
  }

  async #commitIfDue(): Promise<void> {
    if (performance.now() - this.#committedMs < this.#topology.commitIntervalMs) return
    const nowMs = this.#deps.clock.now()
    const due = [...this.#tasks.values()].filter(
      (running) => running.position > running.committed || running.task.wantsFlush(nowMs),
    )
    if (due.length === 0) return
    await this.#commit(due)
    this.#committedMs = performance.now()
  }

  async #commit(tasks: readonly RunningTask[]): Promise<void> {
    const startedMs = performance.now()
    await this.#stayingInGroup(allOf(tasks.map((running) => this.#flushAndCommit(running))))
    this.#deps.meter.add('commits', tasks.length)
    this.#deps.meter.set('commit_ms', Math.round(performance.now() - startedMs))
  }

  async #flushAndCommit(running: RunningTask): Promise<void> {
    const { task, producer, partition, position } = running
    const offsets = [{ topic: this.#topology.inputTopic, partition, offset: position }]
    if (producer === undefined) {
      await task.flush(this.#emit((topic, to, batch) => this.#producer!.send(topic, to, batch)))
      if (position > running.committed) await this.#consumer.commit(offsets)
    } else {
      await producer.begin()
      await task.flush(this.#emit((topic, to, batch) => producer.send(topic, to, batch)))
      if (position > running.committed) await producer.sendOffsets(this.#consumer.member(), offsets)
      await producer.commit()
    }
    running.committed = position
  }

  #emit(send: (...args: Parameters<Emit>) => Promise<unknown>): Emit {
    return async (topic, partition, batch) => {
      if (batch.count === 0) return
      await send(topic, partition, batch)
      this.#deps.meter.add('records_out', batch.count)
    }
  }

  async #stayingInGroup(work: Promise<unknown>): Promise<void> {
    let done = false
    this.#flushing = work
    const finished = work.finally(() => {
      done = true
    })
    const timer = new AbortController()
    const first = await Promise.race([
      finished.then(() => 'finished'),
      delay(HEARTBEAT_MS, 'slow', { signal: timer.signal, ref: false }),
    ]).finally(() => timer.abort())
    if (first === 'finished') return
    this.#deps.meter.add('slow_commits')
    try {
      while (!done) {
        // Also what a rebalance brings meanwhile; one batch of it may be read before it is paused, and waits its turn.
        this.#consumer.pause(this.#consumer.assignment())
        await this.#fetch(MAX_WAIT_MS, 1)
      }
    } finally {
      // Not even a session that failed leaves a flush behind: it would write into the stores of the next one.
      await finished
    }
    this.#consumer.resume(this.#consumer.assignment())
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const { broker, clock, logger, meter } = this.#deps
    const { name, delivery, inputTopic } = this.#topology
    const committed = await broker.committedOffsets(name, inputTopic)
    const { partitions: offsets } = await broker.describeTopic(inputTopic)
    for (const { partition } of partitions) {
      const producer =
        delivery === 'transaction' ? await broker.transactionalProducer(`${name}-${partition}`) : undefined
      const at = committed.get(partition) ?? -1
      const place = offsets.find((candidate) => candidate.partition === partition)
      const end = place?.end ?? 0
      const task = await this.#topology.openTask({
        partition,
        caughtUp: Math.max(at, place?.earliest ?? 0) >= end,
        topicId: this.#input.topicId,
        inputPartitions: this.#input.partitions.length,
        clock,
        logger,
        meter,
        partitionsOf: (topic) => this.#partitionsOf.get(topic) ?? 1,
      })
      this.#tasks.set(partition, { partition, task, producer, position: at, committed: at, end })
    }
    logger.info({ role: name, partitions: partitions.map(({ partition }) => partition) }, 'partitions assigned')
  }

  /** The last chance to commit; tasks that are lost or broken are dropped, and their records read again elsewhere. */
  async #revoke(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    if (!this.#broken) await this.#flushing
    const gone = new Set(partitions.map(({ partition }) => partition))
    this.#fetched = this.#fetched.filter(({ partition }) => !gone.has(partition))
    for (const partition of gone) {
      const running = this.#tasks.get(partition)
      if (running === undefined) continue
      this.#tasks.delete(partition)
      try {
        if (!lost && !this.#broken && running.position > running.committed) await this.#flushAndCommit(running)
      } finally {
        await running.producer?.close()
      }
    }
    if (lost) this.#deps.meter.add('partitions_lost', partitions.length)
  }

  #report(): void {
    let lag = 0
    for (const { position, end } of this.#tasks.values()) if (end > position) lag += end - position
    this.#deps.meter.set('lag_records', lag)
    this.#deps.meter.set('tasks', this.#tasks.size)
  }
}

/** Waits for every one of them, also where one fails. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}

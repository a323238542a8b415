import {
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  type GroupMember,
  type PartitionOffset,
  type TopicPartition,
  WeirError,
} from '@weir/core'
import { partitionKey } from '../groups/assignment.ts'
import { Fetcher } from './fetcher.ts'
import { GroupMembership, requireGroup } from './group-member.ts'
import type { KafkaEvent } from './kafka-event.ts'
import type { KafkaLink } from './link.ts'
import { Position } from './position.ts'
import { startingOffsets } from './starting-offsets.ts'

const DEFAULT_SESSION_TIMEOUT_MS = 30_000
/** How long closing waits for a rebalance that is under way, to leave the group in order. */
const CLOSE_TIMEOUT_MS = 2000

interface PollOptions {
  readonly maxWaitMs: number
  readonly maxBytes: number
}

/** What {@link KafkaConsumer} found out in the background, to be acted upon inside a poll. */
type Finding =
  | { readonly kind: 'target'; readonly partitions: readonly TopicPartition[] | null }
  | { readonly kind: 'positions'; readonly positions: readonly Position[] }

/**
 * A reader with Kafka's protocol and the port's manners: callbacks and records come inside `poll` only, while joining and
 * fetching go on in the background. Rebalances are cooperative: what a member keeps it goes on reading.
 */
export class KafkaConsumer implements Consumer {
  readonly #link: KafkaLink
  readonly #options: ConsumerOptions
  readonly #fetcher: Fetcher
  readonly #membership: GroupMembership | null
  /** What the group wants this member to read; null while it has not said. */
  #target: readonly TopicPartition[] | null = null
  #pending: Promise<Finding> | null = null
  #finding: { value: Finding } | { error: unknown } | null = null
  #polling: Promise<unknown> | null = null
  #wake: () => void = () => {}
  #closed = false

  constructor(link: KafkaLink, options: ConsumerOptions, onEvent: (event: KafkaEvent) => void) {
    this.#link = link
    this.#options = options
    const { groupId, topics, sessionTimeoutMs = DEFAULT_SESSION_TIMEOUT_MS } = options
    const wake = () => this.#wake()
    this.#fetcher = new Fetcher({
      link,
      wake,
      onMoved: (partition, from, to) =>
        onEvent({ kind: 'position-moved', groupId: groupId ?? null, ...partition, from, to }),
    })
    this.#membership =
      groupId === undefined ? null : new GroupMembership({ link, groupId, topics, sessionTimeoutMs, wake })
  }

  async poll(options: PollOptions): Promise<FetchedBatch[]> {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The consumer was closed.')
    if (this.#polling !== null) throw new Error('A consumer can be polled by one caller at a time.')
    const polling = this.#poll(options)
    this.#polling = polling
    this.#membership?.pollBegins()
    try {
      return await polling
    } finally {
      this.#polling = null
      this.#membership?.pollEnds()
    }
  }

  assignment(): readonly TopicPartition[] {
    return this.#fetcher.positions.map(({ topic, partition }) => ({ topic, partition }))
  }

  member(): GroupMember {
    return requireGroup(this.#membership).identity
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const membership = requireGroup(this.#membership)
    for (const partition of offsets) this.#position(partition)
    if (offsets.length > 0) await membership.commit(offsets)
  }

  seek(position: PartitionOffset): void {
    this.#position(position).seek(position.offset)
    this.#wake()
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#position(partition).paused = true
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#position(partition).paused = false
    this.#wake()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#wake()
    // A poll that failed has told its caller; leaving goes on.
    await this.#polling?.catch(() => undefined)
    try {
      const held = this.assignment()
      if (held.length > 0) await this.#options.onRevoked?.(held, this.#membership?.isLost ?? false)
      await Promise.race([this.#pending, this.#link.pause(CLOSE_TIMEOUT_MS)])
      await this.#membership?.leave()
    } finally {
      this.#fetcher.clear()
      await this.#link.close()
    }
  }

  async #poll({ maxWaitMs, maxBytes }: PollOptions): Promise<FetchedBatch[]> {
    const deadlineMs = performance.now() + maxWaitMs
    for (;;) {
      const { promise: woken, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const settled = this.#closed || (await this.#rebalance())
      const fetched = settled && !this.#closed ? this.#fetcher.take(maxBytes) : []
      const leftMs = deadlineMs - performance.now()
      if (fetched.length > 0 || this.#closed || leftMs <= 0) return fetched
      await waitFor(woken, leftMs)
    }
  }

  /** Takes the next step that is due. @returns whether none is */
  async #rebalance(): Promise<boolean> {
    for (;;) {
      if (this.#membership?.isLost === true) {
        await this.#release(this.assignment(), true)
        this.#target = null
        this.#membership.forgetLoss()
        continue
      }
      const found = this.#finding
      if (found !== null) {
        this.#finding = null
        if ('error' in found) throw found.error
        await this.#act(found.value)
        continue
      }
      if (this.#pending !== null) return false
      const next = this.#next()
      if (next === null) return true
      this.#find(next)
    }
  }

  /** The next question to the cluster; null if reading can go on. */
  #next(): Promise<Finding> | null {
    const membership = this.#membership
    if (membership?.mustJoin === true) {
      return membership.join(this.assignment()).then((partitions) => ({ kind: 'target', partitions }))
    }
    if (this.#target === null) {
      return this.#allPartitions().then((partitions) => ({ kind: 'target', partitions }))
    }
    const missing = this.#target.filter((partition) => this.#fetcher.position(partition) === undefined)
    if (missing.length === 0) return null
    return startingOffsets(this.#link, missing, this.#options).then((offsets) => ({
      kind: 'positions',
      positions: missing.map((partition, index) => new Position(partition, offsets[index]!)),
    }))
  }

  #find(question: Promise<Finding>): void {
    const note = (finding: { value: Finding } | { error: unknown }) => {
      this.#pending = null
      this.#finding = finding
      this.#wake()
    }
    this.#pending = question
    question.then(
      (value) => note({ value }),
      (error: unknown) => note({ error }),
    )
  }

  async #act(finding: Finding): Promise<void> {
    if (finding.kind === 'positions') {
      await this.#take(finding.positions)
      return
    }
    if (finding.partitions === null) return
    const wanted = new Set(finding.partitions.map(partitionKey))
    this.#target = finding.partitions
    const surplus = this.assignment().filter((partition) => !wanted.has(partitionKey(partition)))
    if (surplus.length === 0) return
    await this.#release(surplus, false)
    this.#membership?.requestJoin()
  }

  async #take(positions: readonly Position[]): Promise<void> {
    // The group may have changed its mind, or put the member out, while the offsets were looked up.
    if (this.#membership?.mustJoin === true) return
    for (const position of positions) this.#fetcher.add(position)
    try {
      await this.#options.onAssigned?.(positions.map(({ topic, partition }) => ({ topic, partition })))
    } catch (error) {
      // The next poll assigns them again: reading must not begin behind a callback that failed.
      for (const position of positions) this.#fetcher.remove(position)
      throw error
    }
  }

  async #release(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    try {
      if (partitions.length > 0) await this.#options.onRevoked?.(partitions, lost)
    } finally {
      for (const partition of partitions) this.#fetcher.remove(partition)
    }
  }

  async #allPartitions(): Promise<TopicPartition[]> {
    const all = this.#options.topics.map(async (topic) => {
      const { partitions } = await this.#link.retrying(`look up topic ${topic}`, () => this.#link.topic(topic))
      return partitions.map(({ partition }) => ({ topic, partition }))
    })
    return (await Promise.all(all)).flat()
  }

  #position(partition: TopicPartition): Position {
    const position = this.#fetcher.position(partition)
    if (position !== undefined) return position
    throw new WeirError(
      'WEIR_GROUP_FENCED',
      `Partition ${partition.partition} of topic ${partition.topic} is not assigned to this consumer.`,
    )
  }
}

async function waitFor(woken: Promise<void>, maxMs: number): Promise<void> {
  const { promise: timedOut, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, Math.ceil(maxMs))
  await Promise.race([woken, timedOut])
  clearTimeout(timer)
}

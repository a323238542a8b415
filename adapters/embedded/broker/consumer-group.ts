import { randomUUID } from 'node:crypto'
import { type GroupMember, type TopicPartition, WeirError } from '@weir/core'
import { assignPartitions, partitionKey } from '../../groups/assignment.ts'

/** Longest delay that setTimeout keeps; it fires at once on a longer one. */
const MAX_TIMER_MS = 0x7fffffff

interface MemberOptions {
  readonly topics: ReadonlySet<string>
  readonly sessionTimeoutMs: number
  /** Called when the member should poll: it has something to give up or to take, or was removed. */
  readonly wake: () => void
}

/** What a member must do next to reach its target. */
interface RebalanceStep {
  readonly revoke: readonly TopicPartition[]
  /** Only what no other member holds any more. */
  readonly assign: readonly TopicPartition[]
}

interface Ownership extends TopicPartition {
  /** Generation at which the member took the partition, and has held it since. */
  readonly since: number
}

export interface Member {
  readonly memberId: string
  readonly options: MemberOptions
  readonly owned: Map<string, Ownership>
  target: readonly TopicPartition[]
  generation: number
  /** On the monotonic clock, ms; infinite while the member waits inside a poll. */
  deadlineMs: number
}

/**
 * Members of one group and who owns which partition. Rebalancing is incremental: a change of members sets new targets at
 * once; each member gives up what is no longer its own in its next poll, and the new owner takes it after that.
 */
export class ConsumerGroup {
  readonly groupId: string
  readonly #partitionsOf: (topic: string) => number
  readonly #members = new Map<string, Member>()
  readonly #owners = new Map<string, Member>()
  #generation = 0
  #timer: NodeJS.Timeout | undefined

  /** @param partitionsOf number of partitions of a topic that exists */
  constructor(groupId: string, partitionsOf: (topic: string) => number) {
    this.groupId = groupId
    this.#partitionsOf = partitionsOf
  }

  join(options: MemberOptions): Member {
    const member: Member = {
      memberId: randomUUID(),
      options,
      owned: new Map(),
      target: [],
      generation: ++this.#generation,
      deadlineMs: 0,
    }
    this.#members.set(member.memberId, member)
    this.heartbeat(member)
    this.#retarget()
    return member
  }

  /** Takes the member out and frees its partitions at once; no effect if it is out. */
  remove(member: Member): void {
    if (!this.#members.delete(member.memberId)) return
    for (const key of member.owned.keys()) this.#owners.delete(key)
    this.#retarget()
    this.#scheduleExpiry()
    member.options.wake()
  }

  has(member: Member): boolean {
    return this.#members.get(member.memberId) === member
  }

  heartbeat(member: Member): void {
    member.deadlineMs = performance.now() + member.options.sessionTimeoutMs
    this.#scheduleExpiry()
  }

  /** The member waits inside a poll: it lives as long as this thread does. */
  suspendDeadline(member: Member): void {
    member.deadlineMs = Number.POSITIVE_INFINITY
  }

  step(member: Member): RebalanceStep {
    const wanted = new Set(member.target.map(partitionKey))
    return {
      revoke: [...member.owned]
        .filter(([key]) => !wanted.has(key))
        .map(([, { topic, partition }]) => ({ topic, partition })),
      assign: member.target.filter((partition) => !this.#owners.has(partitionKey(partition))),
    }
  }

  take(member: Member, partitions: readonly TopicPartition[]): void {
    member.generation = ++this.#generation
    for (const partition of partitions) {
      const key = partitionKey(partition)
      member.owned.set(key, { ...partition, since: member.generation })
      this.#owners.set(key, member)
    }
  }

  release(member: Member, partitions: readonly TopicPartition[]): void {
    member.generation = ++this.#generation
    for (const partition of partitions) {
      const key = partitionKey(partition)
      member.owned.delete(key)
      this.#owners.delete(key)
    }
    this.#wakeAll()
  }

  /**
   * That the identity may commit for the partitions: the member is in the group, and has held each of them without a
   * break since the identity's generation.
   *
   * @throws WEIR_GROUP_FENCED
   */
  check(identity: GroupMember, partitions: readonly TopicPartition[]): void {
    const member = this.#members.get(identity.memberId)
    if (member === undefined) {
      throw new WeirError(
        'WEIR_GROUP_FENCED',
        `Member ${identity.memberId} is not in group ${this.groupId} any more (it left, or did not poll within its session time-out): poll again to rejoin.`,
      )
    }
    for (const partition of partitions) {
      const since = member.owned.get(partitionKey(partition))?.since ?? Number.POSITIVE_INFINITY
      if (since <= identity.generation && identity.generation <= member.generation) continue
      throw new WeirError(
        'WEIR_GROUP_FENCED',
        `Member ${identity.memberId} of group ${this.groupId} does not hold partition ${partition.partition} of topic ${partition.topic} in generation ${identity.generation}: its records are another member's now.`,
      )
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #retarget(): void {
    const members = [...this.#members.values()]
    const topics = new Set(members.flatMap((member) => [...member.options.topics]))
    const targets = assignPartitions(
      members.map((member) => ({
        memberId: member.memberId,
        topics: member.options.topics,
        owned: new Set(member.owned.keys()),
      })),
      new Map([...topics].map((topic) => [topic, this.#partitionsOf(topic)])),
    )
    for (const member of members) member.target = targets.get(member.memberId)!
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const member of this.#members.values()) member.options.wake()
  }

  #scheduleExpiry(): void {
    clearTimeout(this.#timer)
    const deadlineMs = Math.min(...[...this.#members.values()].map((member) => member.deadlineMs))
    if (deadlineMs === Number.POSITIVE_INFINITY) return
    const waitMs = Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(deadlineMs - performance.now())))
    this.#timer = setTimeout(() => this.#expire(), waitMs)
    this.#timer.unref()
  }

  #expire(): void {
    const nowMs = performance.now()
    for (const member of this.#members.values()) {
      if (member.deadlineMs <= nowMs) this.remove(member)
    }
    this.#scheduleExpiry()
  }
}

import { type GroupMember, type PartitionOffset, type TopicPartition, WeirError } from '@weir/core'
import { KAFKA_ERRORS, kafkaCode, recoveryFrom, toWeirError } from './errors.ts'
import type { KafkaLink } from './link.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  PROTOCOL_NAME,
  planStep,
} from './subscription.ts'

/** At most this long until a member hears of a rebalance. ms */
const MAX_HEARTBEAT_INTERVAL_MS = 1000
/** How long leaving may take; without it the group notices after the session time-out. ms */
const LEAVE_TIMEOUT_MS = 2000

export interface GroupMemberOptions {
  readonly link: KafkaLink
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  /** Called when the consumer should poll: a rebalance began, or the member was put out. */
  readonly wake: () => void
}

/**
 * Membership of a consumer group: joining, heartbeats and commits. It is alive while its consumer polls, and not only
 * while the process runs: a member that did not poll for the session time-out leaves, so that others go on.
 */
export class GroupMembership {
  readonly #options: GroupMemberOptions
  readonly #timer: NodeJS.Timeout
  /** The identity of the last join, kept when the member is put out: an empty one would pass for no member at all. */
  #memberId = 'not-joined'
  #generation = 0
  #isMember = false
  #joined: Promise<unknown> = Promise.resolve()
  #mustJoin = true
  #lost = false
  #joining = false
  #polling = false
  #lastPollMs = performance.now()
  #beating = false

  constructor(options: GroupMemberOptions) {
    this.#options = options
    const intervalMs = Math.min(MAX_HEARTBEAT_INTERVAL_MS, Math.ceil(options.sessionTimeoutMs / 4))
    this.#timer = setInterval(() => void this.#heartbeat(), intervalMs)
  }

  /** A rebalance is due. */
  get mustJoin(): boolean {
    return this.#mustJoin
  }

  /** The group has put the member out: what it had is others'. */
  get isLost(): boolean {
    return this.#lost
  }

  get identity(): GroupMember {
    return { groupId: this.#options.groupId, memberId: this.#memberId, generation: this.#generation }
  }

  pollBegins(): void {
    this.#polling = true
  }

  pollEnds(): void {
    this.#polling = false
    this.#lastPollMs = performance.now()
  }

  /** Starts anew, once the consumer has let go of what it had. */
  forgetLoss(): void {
    this.#lost = false
  }

  /** To be called when the consumer gave up partitions, so that others may take them. */
  requestJoin(): void {
    this.#mustJoin = true
  }

  /**
   * Takes part in a rebalance.
   *
   * @param owned what the consumer reads now
   * @returns what it should read; null if the member was put out, or another rebalance began meanwhile
   */
  async join(owned: readonly TopicPartition[]): Promise<TopicPartition[] | null> {
    this.#mustJoin = false
    this.#joining = true
    const joining = this.#options.link.retrying(`join group ${this.#options.groupId}`, () => this.#join(owned))
    this.#joined = joining.catch(() => undefined)
    try {
      return await joining
    } catch (error) {
      this.#mustJoin = true
      throw error
    } finally {
      this.#joining = false
    }
  }

  /**
   * Waits for a rebalance that is under way: the member keeps its partitions, but under the next generation.
   *
   * @throws WEIR_GROUP_FENCED
   */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { link, groupId } = this.#options
    await this.#joined
    const { memberId, generation } = this.identity
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, own]) => ({
      topic,
      partitions: own.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    }))
    await link.retrying(`commit offsets of group ${groupId}`, async () => {
      const coordinator = await link.coordinator('group', groupId)
      await coordinator.offsetCommit({ groupId, groupGenerationId: generation, memberId, topics })
    })
  }

  /** Leaves at once; the group notices by itself where the broker can not be told. */
  async leave(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sayGoodbye()
  }

  async #join(owned: readonly TopicPartition[]): Promise<TopicPartition[] | null> {
    const { link, groupId, topics, sessionTimeoutMs } = this.#options
    try {
      const coordinator = await link.coordinator('group', groupId)
      const joined = await coordinator.joinGroup({
        groupId,
        memberId: this.#isMember ? this.#memberId : '',
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs,
        groupProtocols: [{ name: PROTOCOL_NAME, metadata: encodeSubscription({ topics, owned }) }],
      })
      this.#memberId = joined.memberId
      this.#generation = joined.generationId
      this.#isMember = true
      const groupAssignment = joined.leaderId === joined.memberId ? await this.#plan(joined.members) : []
      const { memberId, generation } = this.identity
      const { memberAssignment } = await coordinator.syncGroup({
        groupId,
        memberId,
        generationId: generation,
        groupAssignment,
      })
      return decodeAssignment(memberAssignment)
    } catch (error) {
      if (!this.#noteLoss(error)) throw error
      return null
    }
  }

  async #plan(members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]) {
    const subscriptions = new Map(
      members.map(({ memberId, memberMetadata }) => [memberId, decodeSubscription(memberMetadata)]),
    )
    const topics = new Set([...subscriptions.values()].flatMap((subscription) => subscription.topics))
    const counts = new Map<string, number>()
    for (const topic of topics) counts.set(topic, (await this.#options.link.topic(topic)).partitions.length)
    return [...planStep(subscriptions, counts)].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: encodeAssignment(partitions),
    }))
  }

  async #heartbeat(): Promise<void> {
    if (this.#beating || this.#joining || !this.#isMember) return
    this.#beating = true
    const { link, groupId, sessionTimeoutMs } = this.#options
    const { memberId, generation } = this.identity
    try {
      if (!this.#polling && performance.now() - this.#lastPollMs > sessionTimeoutMs) {
        await this.#sayGoodbye()
        this.#putOut()
        return
      }
      const coordinator = await link.coordinator('group', groupId)
      await coordinator.heartbeat({ groupId, groupGenerationId: generation, memberId })
    } catch (error) {
      // What was asked of an earlier generation says nothing about this one.
      if (generation !== this.#generation || this.#joining || this.#noteLoss(error)) return
      if (recoveryFrom(error) === 'refresh') link.forget()
      else if (recoveryFrom(error) === 'fail') this.#options.wake()
    } finally {
      this.#beating = false
    }
  }

  /** @returns whether the error says that the member must join again */
  #noteLoss(error: unknown): boolean {
    const code = kafkaCode(error)
    if (code === KAFKA_ERRORS.rebalanceInProgress) this.#mustJoin = true
    else if (code === KAFKA_ERRORS.unknownMemberId || code === KAFKA_ERRORS.illegalGeneration) this.#putOut()
    else return false
    this.#options.wake()
    return true
  }

  #putOut(): void {
    this.#isMember = false
    this.#lost = true
    this.#mustJoin = true
    this.#options.wake()
  }

  async #sayGoodbye(): Promise<void> {
    const { link, groupId } = this.#options
    const memberId = this.#memberId
    if (!this.#isMember || !link.isConnected) return
    const leave = async () => {
      const coordinator = await link.coordinator('group', groupId)
      await coordinator.leaveGroup({ groupId, memberId })
    }
    try {
      await link.retrying(`leave group ${groupId}`, leave, LEAVE_TIMEOUT_MS)
    } catch (error) {
      const { code } = toWeirError(error, `leave group ${groupId}`)
      if (code !== 'WEIR_GROUP_FENCED' && code !== 'WEIR_BROKER_UNAVAILABLE') throw error
    }
  }
}

export function requireGroup(membership: GroupMembership | null): GroupMembership {
  if (membership !== null) return membership
  throw new WeirError('WEIR_GROUP_FENCED', 'This consumer has no group: give it a groupId to commit offsets.')
}

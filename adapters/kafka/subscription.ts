import type { TopicPartition } from '@weir/core'
import { MemberAssignment, MemberMetadata } from 'kafkajs/src/consumer/assignerProtocol.js'
import { assignPartitions, partitionKey } from '../groups/assignment.ts'

/** Members of a group agree on how to assign by this name; change it with the meaning of what is sent. */
export const PROTOCOL_NAME = 'weir-cooperative-1'
const VERSION = 0

/** What a member tells when it joins. */
export interface Subscription {
  readonly topics: readonly string[]
  /** What it reads now, and goes on reading unless told otherwise. */
  readonly owned: readonly TopicPartition[]
}

export function encodeSubscription({ topics, owned }: Subscription): Buffer {
  const userData = Buffer.from(JSON.stringify({ owned: byTopic(owned) }))
  return MemberMetadata.encode({ version: VERSION, topics, userData })
}

export function decodeSubscription(bytes: Buffer): Subscription {
  const { topics, userData } = MemberMetadata.decode(bytes)
  const { owned } = JSON.parse(userData.toString()) as { owned: Record<string, number[]> }
  return { topics, owned: partitionsOf(owned) }
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return MemberAssignment.encode({ version: VERSION, assignment: byTopic(partitions) })
}

/** A member that takes part in a rebalance too late for its plan is sent no bytes, and gets nothing. */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  return partitionsOf(MemberAssignment.decode(bytes)?.assignment ?? {})
}

/**
 * One step of a cooperative rebalance (KIP-429): nobody gets what another still reads. The other finds that the partition
 * is not among its own any more, gives it up and joins again, and the next step hands it over.
 *
 * @param members by member id
 * @param counts  partitions of each topic that a member reads
 */
export function planStep(
  members: ReadonlyMap<string, Subscription>,
  counts: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const owners = new Map<string, string>()
  for (const [memberId, { owned }] of [...members].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const partition of owned) {
      const key = partitionKey(partition)
      if (!owners.has(key)) owners.set(key, memberId)
    }
  }
  const candidates = [...members].map(([memberId, { topics, owned }]) => ({
    memberId,
    topics: new Set(topics),
    owned: new Set(owned.map(partitionKey).filter((key) => owners.get(key) === memberId)),
  }))
  const targets = assignPartitions(candidates, counts)
  return new Map(
    [...targets].map(([memberId, partitions]) => [
      memberId,
      partitions.filter((partition) => (owners.get(partitionKey(partition)) ?? memberId) === memberId),
    ]),
  )
}

function byTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const topics = Map.groupBy(partitions, ({ topic }) => topic)
  return Object.fromEntries([...topics].map(([topic, own]) => [topic, own.map(({ partition }) => partition)]))
}

function partitionsOf(assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, own]) => own.map((partition) => ({ topic, partition })))
}

import type { ConsumerOptions, TopicPartition } from '@weir/core'
import type { KafkaLink } from './link.ts'
import { listOffsets } from './list-offsets.ts'
import { type CommittedOffset, offsetFetchCall } from './requests/offset-fetch.ts'

/**
 * Where reading starts in each partition, in the same order: at what the group committed, else where the options say.
 * Waits while a transaction that commits offsets of the partitions is not decided.
 */
export async function startingOffsets(
  link: KafkaLink,
  partitions: readonly TopicPartition[],
  { groupId, startAt }: ConsumerOptions,
): Promise<number[]> {
  return link.retrying('look up where to start', async () => {
    const committed = groupId === undefined ? [] : await committedOffsets(link, groupId, partitions, true)
    const known = new Map(committed.map(({ topic, partition, offset }) => [`${topic}\n${partition}`, offset]))
    const missing = partitions.filter(({ topic, partition }) => !known.has(`${topic}\n${partition}`))
    const starts = await listOffsets(link, missing, startAt)
    for (const [index, { topic, partition }] of missing.entries()) known.set(`${topic}\n${partition}`, starts[index]!)
    return partitions.map(({ topic, partition }) => known.get(`${topic}\n${partition}`)!)
  })
}

/** Only partitions with a committed offset are in the answer. */
export async function committedOffsets(
  link: KafkaLink,
  groupId: string,
  partitions: readonly TopicPartition[],
  requireStable: boolean,
): Promise<CommittedOffset[]> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, own]) => ({
    topic,
    partitions: own.map(({ partition }) => partition),
  }))
  const coordinator = await link.coordinator('group', groupId)
  const offsets = await link.send(coordinator, offsetFetchCall({ groupId, topics, requireStable }))
  return offsets.filter(({ offset }) => offset >= 0)
}

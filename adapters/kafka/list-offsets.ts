import { type TopicPartition, WeirError } from '@weir/core'
import type { KafkaLink } from './link.ts'

const TIMESTAMPS = { earliest: -2, latest: -1 } as const
const READ_COMMITTED = 1

/**
 * The first offset kept, or the end for committed readers, of each partition, in the same order.
 *
 * @throws WEIR_TOPIC_UNKNOWN
 */
export async function listOffsets(
  link: KafkaLink,
  partitions: readonly TopicPartition[],
  at: keyof typeof TIMESTAMPS,
): Promise<number[]> {
  const led = await Promise.all(
    partitions.map(async (each) => ({ ...each, broker: await link.leader(each.topic, each.partition) })),
  )
  const offsets = new Map<string, number>()
  const ask = [...Map.groupBy(led, ({ broker }) => broker)].map(async ([broker, own]) => {
    const topics = [...Map.groupBy(own, ({ topic }) => topic)].map(([topic, each]) => ({
      topic,
      partitions: each.map(({ partition }) => ({ partition, timestamp: TIMESTAMPS[at] })),
    }))
    const { responses } = await broker.listOffsets({ replicaId: -1, isolationLevel: READ_COMMITTED, topics })
    for (const { topic, partitions: found } of responses) {
      for (const { partition, offset } of found) offsets.set(`${topic}\n${partition}`, Number(offset))
    }
  })
  await Promise.all(ask)
  return partitions.map(({ topic, partition }) => {
    const offset = offsets.get(`${topic}\n${partition}`)
    if (offset !== undefined) return offset
    throw new WeirError(
      'WEIR_BROKER_UNAVAILABLE',
      `No broker told the offsets of topic ${topic}, partition ${partition}.`,
    )
  })
}

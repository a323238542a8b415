import { type PartitionOffsets, type TopicDescription, type TopicSpec, WeirError } from '@weir/core'
import { KAFKA_ERRORS, kafkaCode } from './errors.ts'
import type { KafkaEvent } from './kafka-event.ts'
import type { KafkaLink } from './link.ts'
import { listOffsets } from './list-offsets.ts'
import type { TopicMetadata } from './requests/metadata.ts'

/** kafkajs' number of the resource type. */
const TOPIC_RESOURCE = 2
const CREATE_TIMEOUT_MS = 30_000
const FOR_EVER = '-1'
/** Kafka 4 refuses records dated over an hour ahead; Weir clamps and counts such times itself. */
const ANY_FUTURE = '9223372036854775807'

/**
 * Makes the topic if it is not there. An existing one is left as it is: another number of partitions is refused, other
 * settings are told by events.
 *
 * @throws WEIR_TOPIC_MISMATCH, WEIR_CONFIG_INVALID
 */
export async function ensureTopic(
  link: KafkaLink,
  spec: TopicSpec,
  replicationFactor: number,
  onEvent: (event: KafkaEvent) => void,
): Promise<void> {
  const { topic } = spec
  await link.retrying(`make topic ${topic}`, async () => {
    const found = (await link.findTopic(topic)) ?? (await create(link, spec, replicationFactor))
    if (found === null) return
    if (found.partitions.length !== spec.partitions) {
      throw new WeirError(
        'WEIR_TOPIC_MISMATCH',
        `Topic ${topic} has ${found.partitions.length} partitions, not ${spec.partitions}: set that number in the configuration, or use another topic; a partition can not be taken away, and adding one would move keys.`,
      )
    }
    for (const difference of await differences(link, spec, replicationFactor, found)) {
      onEvent({ kind: 'topic-differs', topic, ...difference })
    }
  })
}

/** @throws WEIR_TOPIC_UNKNOWN */
export async function describeTopic(link: KafkaLink, topic: string): Promise<TopicDescription> {
  const found = await link.findTopic(topic)
  const { topicId, partitions } = found ?? (await link.topic(topic))
  const all = partitions.map(({ partition }) => ({ topic, partition }))
  const [earliest, end] = await Promise.all([listOffsets(link, all, 'earliest'), listOffsets(link, all, 'latest')])
  const offsets = all.map(
    ({ partition }, index): PartitionOffsets => ({ partition, earliest: earliest[index]!, end: end[index]! }),
  )
  return { topic, topicId, partitions: offsets }
}

/** @returns null once the topic is made and every partition has a leader; the topic if another made it meanwhile */
async function create(link: KafkaLink, spec: TopicSpec, replicationFactor: number): Promise<TopicMetadata | null> {
  const { topic, partitions } = spec
  const configEntries = [...settings(spec)].map(([name, value]) => ({ name, value }))
  const controller = await link.controller()
  try {
    const wanted = { topic, numPartitions: partitions, replicationFactor, configEntries }
    await controller.createTopics({ topics: [wanted], timeout: CREATE_TIMEOUT_MS })
  } catch (error) {
    const reason = firstOf(error)
    if (kafkaCode(reason) === KAFKA_ERRORS.topicAlreadyExists) return link.topic(topic)
    throw reason
  }
  await link.retrying(`reach the new topic ${topic}`, async () => {
    const made = await link.findTopic(topic)
    if (made?.partitions.every(({ leader }) => leader >= 0)) return
    throw new WeirError('WEIR_BROKER_UNAVAILABLE', `Topic ${topic} has partitions without a leader yet.`)
  })
  return null
}

function settings({ retentionMs, retentionBytes }: TopicSpec): Map<string, string> {
  return new Map([
    ['cleanup.policy', 'delete'],
    ['retention.ms', retentionMs === undefined ? FOR_EVER : String(retentionMs)],
    ['retention.bytes', retentionBytes === undefined ? FOR_EVER : String(retentionBytes)],
    ['message.timestamp.after.max.ms', ANY_FUTURE],
  ])
}

async function differences(link: KafkaLink, spec: TopicSpec, replicationFactor: number, found: TopicMetadata) {
  const broker = await link.anyNode()
  const { resources } = await broker.describeConfigs({ resources: [{ type: TOPIC_RESOURCE, name: spec.topic }] })
  const entries = resources.flatMap(({ configEntries }) => configEntries)
  const current = new Map(entries.map(({ configName, configValue }) => [configName, configValue]))
  const wanted = settings(spec)
  const replicas = String(found.partitions[0]!.replicas)
  if (replicationFactor > 0) wanted.set('replication factor', String(replicationFactor))
  current.set('replication factor', replicas)
  return [...wanted]
    .map(([setting, value]) => ({ setting, wanted: value, found: current.get(setting) ?? value }))
    .filter((each) => each.wanted !== each.found)
}

/** kafkajs wraps the errors of a request on several topics. */
function firstOf(error: unknown): unknown {
  const errors = error instanceof Error && 'errors' in error ? error.errors : undefined
  return Array.isArray(errors) && errors.length > 0 ? errors[0] : error
}

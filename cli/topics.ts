import { type Broker, TOPICS } from '@weir/core'
import type { Config } from './config-schema.ts'

const DAY_MS = 86_400_000

/**
 * Makes every topic that the roles need.
 *
 * @throws WEIR_TOPIC_MISMATCH if one exists with another number of partitions than configured
 */
export async function ensureTopics(broker: Broker, config: Config['broker']): Promise<void> {
  const retentionMs = config.retentionDays * DAY_MS
  const specs = [
    { topic: TOPICS.logs, partitions: config.logsPartitions, retentionMs },
    { topic: TOPICS.metricDeltas, partitions: config.deltasPartitions, retentionMs },
    { topic: TOPICS.metrics, partitions: 1, retentionMs },
    { topic: TOPICS.anomalies, partitions: 1, retentionMs: 30 * DAY_MS },
    { topic: TOPICS.logsDeadLetter, partitions: 1, retentionMs: 30 * DAY_MS },
    { topic: TOPICS.metricDeltasDeadLetter, partitions: 1, retentionMs: 30 * DAY_MS },
  ]
  for (const spec of specs) await broker.ensureTopic(spec)
}

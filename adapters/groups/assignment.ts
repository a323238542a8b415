import type { TopicPartition } from '@weir/core'

export interface Candidate {
  readonly memberId: string
  readonly topics: ReadonlySet<string>
  /** Keys (see {@link partitionKey}) of what it has now. */
  readonly owned: ReadonlySet<string>
}

export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}\n${partition}`
}

/**
 * Spreads each topic's partitions over the members that read it: no two of them differ by more than one partition of the
 * topic, and the odd ones go to the members with fewest in all. A member keeps as many of its own as that allows, so
 * that little moves (the aim of Kafka's cooperative sticky assignor).
 *
 * @param partitions count by topic
 * @returns partitions by member id
 */
export function assignPartitions(
  candidates: readonly Candidate[],
  partitions: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const result = new Map<string, TopicPartition[]>(candidates.map(({ memberId }) => [memberId, []]))
  for (const [topic, count] of [...partitions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const readers = candidates.filter((candidate) => candidate.topics.has(topic))
    if (readers.length > 0) assignTopic(topic, count, readers, result)
  }
  return result
}

function assignTopic(
  topic: string,
  count: number,
  readers: readonly Candidate[],
  result: Map<string, TopicPartition[]>,
): void {
  const total = (reader: Candidate) => result.get(reader.memberId)!.length
  const all = Array.from({ length: count }, (_, partition) => ({ topic, partition }))
  const ownedBy = (reader: Candidate) => all.filter((partition) => reader.owned.has(partitionKey(partition)))
  const inOrder = [...readers].sort(
    (a, b) => total(a) - total(b) || ownedBy(b).length - ownedBy(a).length || (a.memberId < b.memberId ? -1 : 1),
  )
  const least = Math.floor(count / readers.length)
  const oneMore = count % readers.length
  const quotas = new Map(inOrder.map((reader, index) => [reader, index < oneMore ? least + 1 : least]))
  const taken = new Set<TopicPartition>()
  const give = (reader: Candidate, partition: TopicPartition) => {
    taken.add(partition)
    result.get(reader.memberId)!.push(partition)
    quotas.set(reader, quotas.get(reader)! - 1)
  }
  for (const reader of inOrder) {
    for (const partition of ownedBy(reader).slice(0, quotas.get(reader))) {
      if (!taken.has(partition)) give(reader, partition)
    }
  }
  for (const partition of all) {
    if (!taken.has(partition)) give(inOrder.find((reader) => quotas.get(reader)! > 0)!, partition)
  }
}

import { type Broker, type PartitionOffsets, type RoleStatus, TOPICS } from '@weir/core'
import type { PipelineState } from '../schemas/pipeline.ts'
import type { DeadLetterTally } from './dead-letter-tally.ts'
import type { Progress } from './progress.ts'

/** The consumer groups in the order of the flow, with the topic that each reads. */
const STAGES = [
  { name: 'combiner', topic: TOPICS.logs },
  { name: 'windower', topic: TOPICS.metricDeltas },
  { name: 'indexer', topic: TOPICS.logs },
] as const

export interface PipelineSources {
  readonly broker: Broker
  readonly progress: Progress
  readonly deadLetters: DeadLetterTally
  readonly roles: () => Promise<readonly RoleStatus[]>
  /** Where ingest listens; null while it does not. */
  readonly ingest: () => PipelineState['ingest']
}

/** Reads offsets and states; the totals add up exactly, see {@link conserve}. */
export async function readPipelineState(sources: PipelineSources, nowMs: number): Promise<PipelineState> {
  const { broker, progress, deadLetters, roles } = sources
  const committed = await Promise.all(STAGES.map(({ name, topic }) => broker.committedOffsets(name, topic)))
  const [, , indexed] = committed as [unknown, unknown, Map<number, number>]
  const { beforeLogs, afterLogs } = deadLetters.counts(indexed)
  // Ends are read last: none is before an offset committed in it.
  const ends = new Map<string, readonly PartitionOffsets[]>()
  for (const topic of new Set(STAGES.map((stage) => stage.topic))) {
    ends.set(topic, (await broker.describeTopic(topic)).partitions)
  }
  const states = await roles()
  const { maxEventTimeMs } = progress
  return {
    nowMs,
    completeToMs: progress.completeToMs,
    lagMs: maxEventTimeMs === null ? null : Math.max(0, nowMs - maxEventTimeMs),
    ingest: sources.ingest(),
    totals: conserve({
      logged: sum(ends.get(TOPICS.logs)!.map(({ end }) => end)),
      indexed: sum([...indexed.values()]),
      beforeLogs,
      afterLogs,
      dropped: sum(states.map(({ counters }) => counters.dropped ?? 0)),
    }),
    stages: STAGES.map(({ name, topic }, i) => ({ name, topic, lagRecords: lag(ends.get(topic)!, committed[i]!) })),
    roles: states.map(({ role, state, detail, counters }) => {
      return { role, state, ...(detail === undefined ? {} : { detail }), counters: { ...counters } }
    }),
  }
}

/**
 * `in = stored + deadLettered + dropped + inFlight`, whatever the figures:
 *
 * @param counts.logged     records that ever came into topic `logs`
 * @param counts.indexed    of those, how many the indexer has committed: stored, or dead-lettered from there
 * @param counts.beforeLogs dead-lettered before they came into topic `logs`
 * @param counts.afterLogs  dead-lettered by the indexer, within `indexed`
 * @param counts.dropped    dropped by a named policy before they came into topic `logs`
 */
export function conserve(counts: {
  readonly logged: number
  readonly indexed: number
  readonly beforeLogs: number
  readonly afterLogs: number
  readonly dropped: number
}): PipelineState['totals'] {
  const { logged, indexed, beforeLogs, afterLogs, dropped } = counts
  return {
    in: logged + beforeLogs + dropped,
    stored: indexed - afterLogs,
    deadLettered: beforeLogs + afterLogs,
    dropped,
    inFlight: logged - indexed,
  }
}

function lag(partitions: readonly PartitionOffsets[], committed: ReadonlyMap<number, number>): number {
  return sum(partitions.map(({ partition, earliest, end }) => end - (committed.get(partition) ?? earliest)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

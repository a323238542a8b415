import { TOPICS } from '@weir/core'

/** Dead letters counted so far. Plain JSON; partitions are keys as text. */
export interface Tally {
  /** Next offset to read, by partition of the dead-letter topic. */
  readonly next: Readonly<Record<string, number>>
  /** Refused before they came into topic `logs`. */
  readonly beforeLogs: number
  /** Taken out of topic `logs`, and past by the indexer's commit. */
  readonly afterLogs: number
  /** Offsets in topic `logs`, by partition, dead-lettered but not yet past by the indexer's commit: still in flight. */
  readonly uncommitted: Readonly<Record<string, readonly number[]>>
  /** Next offset in topic `logs`, by partition, that can be dead-lettered for the first time. */
  readonly nextSource: Readonly<Record<string, number>>
}

export interface DeadLetter {
  readonly partition: number
  readonly offset: number
  /** Header `weir.source`. */
  readonly source: string | undefined
}

export const EMPTY_TALLY: Tally = { next: {}, beforeLogs: 0, afterLogs: 0, uncommitted: {}, nextSource: {} }

const FROM_LOGS = new RegExp(`^${TOPICS.logs}-(\\d+)-(\\d+)$`)

/**
 * Counts one dead letter. One of a record of topic `logs` that was counted already (the indexer crashed between writing
 * it and its commit, and wrote it again) counts once. Offsets dropped by retention before they were read count as
 * refused before topic `logs`.
 */
export function countDeadLetter(tally: Tally, { partition, offset, source }: DeadLetter): Tally {
  const expected = tally.next[partition] ?? 0
  if (offset < expected) return tally
  const next = { ...tally.next, [partition]: offset + 1 }
  const beforeLogs = tally.beforeLogs + (offset - expected)

  const [, logsPartition, logsOffset] = FROM_LOGS.exec(source ?? '') ?? []
  if (logsPartition === undefined) return { ...tally, next, beforeLogs: beforeLogs + 1 }
  if (Number(logsOffset) < (tally.nextSource[logsPartition] ?? 0)) return { ...tally, next, beforeLogs }
  return {
    ...tally,
    next,
    beforeLogs,
    uncommitted: {
      ...tally.uncommitted,
      [logsPartition]: [...(tally.uncommitted[logsPartition] ?? []), Number(logsOffset)],
    },
    nextSource: { ...tally.nextSource, [logsPartition]: Number(logsOffset) + 1 },
  }
}

/** Moves what the indexer's commits have passed to `afterLogs`; the same object where there is nothing. */
export function settleTally(tally: Tally, committed: ReadonlyMap<number, number>): Tally {
  let settled = 0
  const uncommitted: Record<string, readonly number[]> = {}
  for (const [partition, offsets] of Object.entries(tally.uncommitted)) {
    const past = committed.get(Number(partition)) ?? 0
    const left = offsets.filter((offset) => offset >= past)
    settled += offsets.length - left.length
    if (left.length > 0) uncommitted[partition] = left
  }
  return settled === 0 ? tally : { ...tally, uncommitted, afterLogs: tally.afterLogs + settled }
}

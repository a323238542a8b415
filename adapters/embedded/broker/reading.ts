import { type TopicPartition, WeirError } from '@weir/core'
import type { LogStore } from './log-store.ts'

/** Where a consumer is in a partition assigned to it. */
export interface Position extends TopicPartition {
  offset: number
  paused: boolean
}

/** A stored batch on its way to a consumer. */
export interface StoredFetch extends TopicPartition {
  readonly end: number
  readonly baseOffset: number
  /** Records at the start of the blob that lie before the consumer's position. */
  readonly skip: number
  readonly blob: Uint8Array
}

interface MovedPosition extends TopicPartition {
  readonly from: number
  readonly to: number
}

/**
 * Reads on from the positions and moves them, giving every partition with records an equal share of `maxBytes`. Those
 * read from move to the back of the map, so that one which big batches of others crowded out is first the next time.
 *
 * @param onMoved told of a position before the oldest record kept
 * @returns `failure` if a partition can not be read; the others were
 */
export function readFairly(
  store: LogStore,
  positions: Map<string, Position>,
  maxBytes: number,
  onMoved: (moved: MovedPosition) => void,
): { fetched: StoredFetch[]; failure: WeirError | undefined } {
  let failure: WeirError | undefined
  const fetched: StoredFetch[] = []
  const ready: [string, Position][] = []
  for (const [key, position] of positions) {
    if (position.paused) continue
    const { topic, partition } = position
    const log = store.log(topic)
    if (position.offset > log.end(partition)) failure = beyondEnd(position, log.end(partition))
    const earliest = log.earliest(partition)
    if (position.offset < earliest) {
      onMoved({ topic, partition, from: position.offset, to: earliest })
      position.offset = earliest
    }
    if (position.offset < log.end(partition)) ready.push([key, position])
  }
  let bytes = 0
  for (const [key, position] of ready) {
    if (bytes >= maxBytes) break
    const { topic, partition, offset } = position
    const log = store.log(topic)
    const read = log.read(partition, offset, Math.min(maxBytes / ready.length, maxBytes - bytes))
    const end = log.end(partition)
    for (const { baseOffset, blob } of read.batches) {
      fetched.push({ topic, partition, end, baseOffset, skip: Math.max(0, offset - baseOffset), blob })
    }
    bytes += read.bytes
    position.offset = read.next
    failure ??= read.damage
    positions.delete(key)
    positions.set(key, position)
  }
  return { fetched, failure }
}

function beyondEnd({ topic, partition, offset }: Position, end: number): WeirError {
  return new WeirError(
    'WEIR_OFFSET_OUT_OF_RANGE',
    `Offset ${offset} lies past the end ${end} of partition ${partition} of topic ${topic}: seek to one up to the end.`,
  )
}

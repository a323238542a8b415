import { WeirError } from '@weir/core'
import type { EncodedBatch } from './batch-codec.ts'
import { reasonOf } from './database.ts'
import type { EndOffset, GroupOffset, MetaStore } from './meta-store.ts'
import type { StagedBatch } from './segment.ts'
import type { TopicLog } from './topic-log.ts'

/** Bytes waiting for the next commit from which it is made at once: callers can not pile up more. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/** Batches and offsets that become visible together. */
export interface WriteUnit {
  readonly batches: readonly UnitBatch[]
  readonly offsets: readonly GroupOffset[]
  /**
   * Asked at the commit itself, when nothing can come between: throws if the writer or the group member has been fenced
   * since the unit was handed in.
   */
  readonly check?: () => void
}

export interface UnitBatch {
  readonly log: TopicLog
  readonly partition: number
  readonly batch: EncodedBatch
}

interface WaitingUnit extends WriteUnit {
  readonly resolve: (firstOffset: number) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Commits all units of one turn of the event loop together, in two steps: the batches go to their segment files, beyond
 * the end offsets and so unseen; then one transaction on the meta store advances the ends and the groups' offsets. A
 * crash before the second step leaves rows that the next opening removes.
 */
export class LogWriter {
  readonly #meta: MetaStore
  readonly #now: () => number
  readonly #onCommitted: () => void
  #waiting: WaitingUnit[] = []
  #waitingBytes = 0
  #scheduled: NodeJS.Immediate | undefined

  constructor(meta: MetaStore, now: () => number, onCommitted: () => void) {
    this.#meta = meta
    this.#now = now
    this.#onCommitted = onCommitted
  }

  /**
   * @returns offset of the first record of the unit's first batch (0 if it has none), once committed
   * @throws WEIR_STORE_FAILED, and what `check` throws
   */
  write(unit: WriteUnit): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...unit, resolve, reject })
      for (const { batch } of unit.batches) this.#waitingBytes += batch.blob.length
      if (this.#waitingBytes >= MAX_WAITING_BYTES) this.flush()
      else this.#scheduled ??= setImmediate(() => this.flush())
    })
  }

  /** Commits what waits, now. */
  flush(): void {
    clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    const units = this.#waiting.filter(passes)
    this.#waiting = []
    this.#waitingBytes = 0
    if (units.length === 0) return
    const staging = new Staging()
    const firstOffsets = units.map((unit) => staging.add(unit.batches))
    try {
      for (const [log, batches] of staging.batches) log.append(batches, this.#now())
      this.#meta.commit(
        staging.ends(),
        units.flatMap((unit) => unit.offsets),
      )
    } catch (cause) {
      const message = `The broker could not write (${reasonOf(cause)}): check the disk of its data directory.`
      for (const unit of units) unit.reject(new WeirError('WEIR_STORE_FAILED', message, { cause }))
      return
    }
    for (const [log, batches] of staging.batches) log.advance(batches)
    for (const [index, unit] of units.entries()) unit.resolve(firstOffsets[index]!)
    this.#onCommitted()
  }
}

function passes(unit: WaitingUnit): boolean {
  try {
    unit.check?.()
    return true
  } catch (fenced) {
    unit.reject(fenced)
    return false
  }
}

/** Gives the batches of a commit their offsets. */
class Staging {
  readonly batches = new Map<TopicLog, StagedBatch[]>()
  readonly #ends = new Map<TopicLog, Map<number, number>>()

  /** @returns offset of the first record, 0 without batches */
  add(batches: readonly UnitBatch[]): number {
    const offsets = batches.map(({ log, partition, batch }) => this.#stage(log, partition, batch))
    return offsets[0] ?? 0
  }

  ends(): EndOffset[] {
    return [...this.#ends].flatMap(([log, ends]) =>
      [...ends].map(([partition, end]) => ({ topic: log.topic, partition, end })),
    )
  }

  #stage(log: TopicLog, partition: number, batch: EncodedBatch): number {
    const ends = this.#ends.get(log) ?? new Map<number, number>()
    const baseOffset = ends.get(partition) ?? log.end(partition)
    if (batch.count === 0) return baseOffset
    ends.set(partition, baseOffset + batch.count)
    this.#ends.set(log, ends)
    const staged = this.batches.get(log) ?? []
    staged.push({ partition, baseOffset, batch })
    this.batches.set(log, staged)
    return baseOffset
  }
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Clock, type TopicSpec, WeirError } from '@weir/core'
import type { BrokerEvent } from './broker-event.ts'
import { type Durability, reasonOf } from './database.ts'
import { type DirectoryLock, lockDirectory } from './directory-lock.ts'
import { LogWriter, type WriteUnit } from './log-writer.ts'
import { MetaStore, type StoredTopic } from './meta-store.ts'
import { TopicLog } from './topic-log.ts'

const RETENTION_INTERVAL_MS = 30_000
/** Kafka's rule; it also keeps names usable as folders. */
const TOPIC_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/
const MAX_PARTITIONS = 4096

export interface LogStoreOptions {
  readonly directory: string
  readonly clock: Clock
  readonly durability: Durability
  readonly maxSegmentBytes: number
  readonly onEvent: (event: BrokerEvent) => void
}

/** All topics of one data directory, which it holds alone while open. */
export class LogStore {
  readonly onEvent: (event: BrokerEvent) => void
  readonly #options: LogStoreOptions
  readonly #lock: DirectoryLock
  readonly #meta: MetaStore
  readonly #logs = new Map<string, TopicLog>()
  readonly #writer: LogWriter
  readonly #retention: NodeJS.Timeout
  readonly #listeners = new Set<() => void>()
  #closed = false

  /** @throws WEIR_DATA_DIR_UNUSABLE */
  constructor(options: LogStoreOptions) {
    this.#options = options
    this.onEvent = options.onEvent
    this.#lock = lockDirectory(options.directory)
    let meta: MetaStore | undefined
    try {
      meta = new MetaStore(join(options.directory, 'meta.db'), options.durability)
      this.#meta = meta
      for (const stored of meta.topics()) this.#open(stored)
    } catch (error) {
      for (const log of this.#logs.values()) log.close()
      meta?.close()
      this.#lock.release()
      throw error
    }
    this.#writer = new LogWriter(
      this.#meta,
      () => options.clock.now(),
      () => {
        for (const listener of this.#listeners) listener()
      },
    )
    this.#retention = setInterval(() => this.#retryRetention(), RETENTION_INTERVAL_MS)
    this.#retention.unref()
  }

  /** @throws WEIR_TOPIC_MISMATCH, WEIR_CONFIG_INVALID */
  ensureTopic(spec: TopicSpec): void {
    this.#refuseIfClosed()
    const existing = this.#logs.get(spec.topic)
    if (existing !== undefined) {
      if (existing.partitions === spec.partitions) return
      throw new WeirError(
        'WEIR_TOPIC_MISMATCH',
        `Topic ${spec.topic} has ${existing.partitions} partitions, not ${spec.partitions}: ask for as many, or use another name.`,
      )
    }
    if (!TOPIC_NAME.test(spec.topic)) {
      throw new WeirError(
        'WEIR_CONFIG_INVALID',
        `"${spec.topic}" can not name a topic: use 1 to 249 letters, digits, dots, underscores and hyphens.`,
      )
    }
    if (!Number.isInteger(spec.partitions) || spec.partitions < 1 || spec.partitions > MAX_PARTITIONS) {
      throw new WeirError(
        'WEIR_CONFIG_INVALID',
        `Topic ${spec.topic} can not have ${spec.partitions} partitions: give a whole number from 1 to ${MAX_PARTITIONS}.`,
      )
    }
    this.#open(this.#meta.createTopic(spec, randomUUID(), this.#options.clock.now()))
  }

  /** @throws WEIR_TOPIC_UNKNOWN */
  log(topic: string, partition = 0): TopicLog {
    this.#refuseIfClosed()
    const log = this.#logs.get(topic)
    if (log === undefined) {
      throw new WeirError('WEIR_TOPIC_UNKNOWN', `There is no topic ${topic}: make it with ensureTopic first.`)
    }
    if (!Number.isInteger(partition) || partition < 0 || partition >= log.partitions) {
      throw new WeirError(
        'WEIR_TOPIC_UNKNOWN',
        `Topic ${topic} has no partition ${partition}: its partitions are 0 to ${log.partitions - 1}.`,
      )
    }
    return log
  }

  groupOffsets(groupId: string, topic: string): Map<number, number> {
    return this.#meta.groupOffsets(groupId, this.log(topic).topic)
  }

  /** As {@link LogWriter.write}. */
  async write(unit: WriteUnit): Promise<number> {
    this.#refuseIfClosed()
    return this.#writer.write(unit)
  }

  /** Calls the listener after every commit that made records readable, until the returned function is called. */
  onCommitted(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Drops whole segments that every topic's retention allows to drop. */
  enforceRetention(): void {
    this.#refuseIfClosed()
    for (const log of this.#logs.values()) log.enforceRetention(this.#options.clock.now())
  }

  /** Commits what waits and gives the directory back; no effect if closed already. */
  close(): void {
    if (this.#closed) return
    this.#writer.flush()
    this.#closed = true
    clearInterval(this.#retention)
    for (const log of this.#logs.values()) log.close()
    this.#meta.close()
    this.#lock.release()
  }

  #retryRetention(): void {
    try {
      this.enforceRetention()
    } catch (error) {
      this.onEvent({ kind: 'retention-failed', reason: reasonOf(error) })
    }
  }

  #open(stored: StoredTopic): void {
    const { topic } = stored.spec
    const log = new TopicLog(stored, this.#meta, {
      // The id keeps names apart that differ only in case, where the file system does not.
      directory: join(this.#options.directory, 'topics', `${topic}-${stored.topicId.slice(0, 8)}`),
      durability: this.#options.durability,
      maxSegmentBytes: this.#options.maxSegmentBytes,
      onEvent: this.#options.onEvent,
    })
    this.#logs.set(topic, log)
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The broker was closed.')
  }
}

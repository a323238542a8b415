import { type FetchedBatch, type TopicPartition, WeirError } from '@weir/core'
import type KafkaJsBroker from 'kafkajs/src/broker/index.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { partitionKey } from '../groups/assignment.ts'
import { backoffMs } from './backoff.ts'
import { KAFKA_ERRORS, recoveryFrom, toWeirError } from './errors.ts'
import type { KafkaLink } from './link.ts'
import { listOffsets } from './list-offsets.ts'
import type { Position } from './position.ts'
import { type FetchedPartition, fetchCall } from './requests/fetch.ts'

const BOUNDS = { maxWaitMs: 500, maxBytes: 8 * 1024 * 1024, partitionMaxBytes: 1024 * 1024 }

export interface FetcherOptions {
  readonly link: KafkaLink
  /** Called when there may be something to take. */
  readonly wake: () => void
  /** Told when a position lay before the first record kept. */
  readonly onMoved: (partition: TopicPartition, from: number, to: number) => void
}

/**
 * Fetches ahead of the caller, one answer a broker: while the caller works on what it took, the next is on its way, and
 * never more than that is held (8 MB a broker, more only for a single larger batch).
 */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #positions = new Map<string, Position>()
  readonly #asked = new Set<KafkaJsBroker>()
  #asking = false
  #turn = 0
  #failures = 0
  #failure: WeirError | null = null

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  get positions(): readonly Position[] {
    return [...this.#positions.values()]
  }

  position(partition: TopicPartition): Position | undefined {
    return this.#positions.get(partitionKey(partition))
  }

  add(position: Position): void {
    this.#positions.set(partitionKey(position), position)
  }

  remove(partition: TopicPartition): void {
    this.#positions.delete(partitionKey(partition))
  }

  clear(): void {
    this.#positions.clear()
  }

  /** What is here, up to the soft bound of bytes, each partition in its turn; and asks for more where all was taken. */
  take(maxBytes: number): FetchedBatch[] {
    const taken: FetchedBatch[] = []
    let bytes = 0
    try {
      for (
        let ready = this.#ready();
        ready.length > 0 && (taken.length === 0 || bytes < maxBytes);
        ready = this.#ready()
      ) {
        for (const position of ready) {
          if (taken.length > 0 && bytes >= maxBytes) break
          this.#turn++
          const batch = position.take()
          if (batch === null) continue
          bytes += batch.records.bytes.length
          taken.push(batch)
        }
      }
    } catch (error) {
      // Handed out first; the partition fails again in the next call.
      if (taken.length === 0) throw error
    }
    if (taken.length === 0 && this.#failure !== null) {
      const failure = this.#failure
      this.#failure = null
      throw failure
    }
    void this.#ask()
    return taken
  }

  /** Positions with something to take, the one whose turn it is first. */
  #ready(): Position[] {
    const ready = this.positions.filter((position) => position.isReady)
    const first = ready.length === 0 ? 0 : this.#turn % ready.length
    return [...ready.slice(first), ...ready.slice(0, first)]
  }

  /** A broker is asked for all its partitions at once, when nothing of theirs is left: a fetch waits for the first of them. */
  async #ask(): Promise<void> {
    const { link } = this.#options
    const wanted = this.positions.filter(({ paused }) => !paused)
    if (this.#asking || link.signal.aborted || wanted.length === 0) return
    this.#asking = true
    try {
      const led = await Promise.all(
        wanted.map(async (position) => ({ position, broker: await link.leader(position.topic, position.partition) })),
      )
      for (const [broker, own] of Map.groupBy(led, (each) => each.broker)) {
        const positions = own.map(({ position }) => position)
        if (!this.#asked.has(broker) && !positions.some(({ isReady }) => isReady))
          void this.#askBroker(broker, positions)
      }
    } catch (error) {
      await this.#recover(error)
      this.#options.wake()
    } finally {
      this.#asking = false
    }
  }

  async #askBroker(broker: KafkaJsBroker, positions: readonly Position[]): Promise<void> {
    this.#asked.add(broker)
    try {
      await this.#fetch(broker, positions)
      this.#failures = 0
    } catch (error) {
      await this.#recover(error)
    } finally {
      this.#asked.delete(broker)
      this.#options.wake()
    }
  }

  async #fetch(broker: KafkaJsBroker, positions: readonly Position[]): Promise<void> {
    const from = positions.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset }))
    const answers = await this.#options.link.send(broker, fetchCall(from, BOUNDS))
    for (const answer of answers) {
      const index = positions.findIndex(
        ({ topic, partition }) => topic === answer.topic && partition === answer.partition,
      )
      const position = positions[index]
      if (position === undefined || this.position(position) !== position) continue
      if (answer.errorCode === 0) position.accept(answer, from[index]!.offset)
      else await this.#refused(position, from[index]!.offset, answer)
    }
  }

  async #refused(position: Position, from: number, { topic, partition, errorCode }: FetchedPartition): Promise<void> {
    if (errorCode !== KAFKA_ERRORS.offsetOutOfRange) throw createErrorFromCode(errorCode)
    const [earliest] = await listOffsets(this.#options.link, [position], 'earliest')
    if (position.nextOffset !== from) return
    if (from < earliest!) {
      this.#options.onMoved({ topic, partition }, from, earliest!)
      position.seek(earliest!)
      return
    }
    position.fail(
      new WeirError(
        'WEIR_OFFSET_OUT_OF_RANGE',
        `Offset ${from} lies behind the end of topic ${topic}, partition ${partition}: seek to where reading should go on.`,
      ),
    )
  }

  /** Waits before the next question if asking again may help, and raises the error in the next take if not. */
  async #recover(error: unknown): Promise<void> {
    const { link } = this.#options
    if (link.signal.aborted) return
    const recovery = recoveryFrom(error)
    if (recovery === 'fail') this.#failure = toWeirError(error, 'read')
    if (recovery === 'refresh') link.forget()
    this.#failures++
    await link.pause(backoffMs(recovery, this.#failures, Math.random()))
  }
}

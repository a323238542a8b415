import { type RecordBatch, WeirError } from '@weir/core'
import { KAFKA_ERRORS, kafkaCode } from './errors.ts'
import type { KafkaLink } from './link.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import type { Compression } from './records/compression.ts'
import { type BatchSlice, encodeBatch, encodedRecordBytes } from './records/encode-batch.ts'
import { produceCall } from './requests/produce.ts'

/** A little below what brokers take by default (`message.max.bytes` = 1_048_588), since gzip may add to noise. */
const MAX_BATCH_BYTES = 1_045_000
const REPLICATION_TIMEOUT_MS = 30_000
/** Sequence numbers go on from 0 behind 2^31 - 1. */
const SEQUENCES = 2 ** 31

export interface LaneOptions {
  readonly link: KafkaLink
  readonly topic: string
  readonly partition: number
  readonly compression: Compression
  readonly transactionalId: string | null
  /** How long a batch may be tried. ms */
  readonly deliveryTimeoutMs: number
  /** @param left the identity that the lane can not use any more, if it had to leave one */
  readonly identity: (left: ProducerIdentity | null) => Promise<ProducerIdentity>
  /** Whether the lane may go on under another identity; in transactions only the coordinator decides that. */
  readonly canRenew: boolean
  /** Called before each request, once the partition is known to exist. */
  readonly beforeSend?: () => Promise<void>
}

interface Waiting {
  readonly batch: RecordBatch
  readonly resolve: (firstOffset: number) => void
  readonly reject: (error: unknown) => void
  /** Records sent so far, as a large batch goes in parts. */
  sent: number
  firstOffset: number
}

interface Turn {
  readonly slices: readonly BatchSlice[]
  readonly waiting: readonly Waiting[]
  readonly count: number
}

/**
 * What one producer sends to one partition: in order, one request at a time, and numbered, so that the broker knows a
 * repeated batch and appends it once. All that waits goes together in the next request, up to 1 MB.
 */
export class PartitionLane {
  readonly #options: LaneOptions
  readonly #queue: Waiting[] = []
  #running: Promise<void> | null = null
  #dropped: WeirError | null = null
  #identity: ProducerIdentity | null = null
  #left: ProducerIdentity | null = null
  #sequence = 0

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** @returns offset of the batch's first record */
  send(batch: RecordBatch): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.#queue.push({ batch, resolve, reject, sent: 0, firstOffset: -1 })
    this.#running ??= this.#run()
    return promise
  }

  /** Resolves once nothing is on its way. */
  async idle(): Promise<void> {
    await this.#running
  }

  /** Rejects what no request holds yet. */
  drop(error: WeirError): void {
    if (this.#running !== null) this.#dropped = error
  }

  async #run(): Promise<void> {
    // All sends of this turn of the event loop go together.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      if (this.#dropped !== null) {
        for (const waiting of this.#queue.splice(0)) waiting.reject(this.#dropped)
        break
      }
      const turn = takeTurn(this.#queue)
      try {
        this.#settle(turn, await this.#produce(turn))
      } catch (error) {
        this.#queue.splice(0, turn.waiting.length)
        for (const waiting of turn.waiting) waiting.reject(error)
      }
    }
    this.#dropped = null
    this.#running = null
  }

  #settle({ slices, waiting }: Turn, baseOffset: number): void {
    let offset = baseOffset
    for (const [index, { from, to }] of slices.entries()) {
      const each = waiting[index]!
      if (from === 0) each.firstOffset = offset
      offset += to - from
      each.sent = to
      if (to < each.batch.count) continue
      this.#queue.shift()
      each.resolve(each.firstOffset)
    }
  }

  async #produce(turn: Turn): Promise<number> {
    const { link, topic, partition, transactionalId, deliveryTimeoutMs, canRenew } = this.#options
    let batch: Buffer | null = null
    const attempt = async () => {
      const broker = await link.leader(topic, partition)
      await this.#options.beforeSend?.()
      batch ??= this.#encode(turn, await this.#identify())
      try {
        return await link.send(
          broker,
          produceCall({ topic, partition, transactionalId, batch, timeoutMs: REPLICATION_TIMEOUT_MS }),
        )
      } catch (error) {
        if (!canRenew || !isForgotten(error)) throw error
        // Refused, so not appended: it may go under another identity, from number 0 on.
        this.#leaveIdentity()
        batch = null
        throw new WeirError('WEIR_BROKER_UNAVAILABLE', 'The broker has forgotten the producer.', { cause: error })
      }
    }
    try {
      const offset = await link.retrying(`append to topic ${topic}, partition ${partition}`, attempt, deliveryTimeoutMs)
      this.#sequence = (this.#sequence + turn.count) % SEQUENCES
      return offset
    } catch (error) {
      // Whether it was appended is not known: its numbers must not be given to other records.
      if (canRenew && error instanceof WeirError && error.code === 'WEIR_BROKER_UNAVAILABLE') this.#leaveIdentity()
      throw error
    }
  }

  async #identify(): Promise<ProducerIdentity> {
    this.#identity ??= await this.#options.identity(this.#left)
    return this.#identity
  }

  #leaveIdentity(): void {
    this.#left = this.#identity ?? this.#left
    this.#identity = null
    this.#sequence = 0
  }

  #encode({ slices }: Turn, producer: ProducerIdentity): Buffer {
    const { compression, transactionalId } = this.#options
    return encodeBatch(slices, {
      compression,
      transactional: transactionalId !== null,
      producer,
      baseSequence: this.#sequence,
    })
  }
}

/** As many records from the head of the queue as fit into a batch; one at least, whatever its size. */
function takeTurn(queue: readonly Waiting[]): Turn {
  const slices: BatchSlice[] = []
  const waiting: Waiting[] = []
  let bytes = 0
  let count = 0
  for (const each of queue) {
    const { batch, sent } = each
    let to = sent
    for (; to < batch.count; to++) {
      const recordBytes = encodedRecordBytes(batch, to)
      if (count > 0 && bytes + recordBytes > MAX_BATCH_BYTES) break
      bytes += recordBytes
      count++
    }
    if (to === sent) break
    slices.push({ batch, from: sent, to })
    waiting.push(each)
    if (to < batch.count) break
  }
  return { slices, waiting, count }
}

/** The broker has no memory of the producer, as after a loss of its disk. */
function isForgotten(error: unknown): boolean {
  const code = kafkaCode(error)
  return code === KAFKA_ERRORS.outOfOrderSequence || code === KAFKA_ERRORS.unknownProducerId
}

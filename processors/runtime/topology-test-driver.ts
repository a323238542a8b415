import { RecordBatch, RecordBatchBuilder, type RecordHeaders, type Topic } from '@weir/core'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { RoleMeter } from './role-meter.ts'
import type { Task, Topology } from './task.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface DriverRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestampMs: number
  readonly headers?: RecordHeaders
}

export interface DriverOptions {
  readonly clock?: VirtualClock
  readonly partition?: number
  readonly inputPartitions?: number
  readonly topicId?: string
  /** Number of partitions of the output topics; 1 where absent. */
  readonly outputPartitions?: Partial<Record<Topic, number>>
}

/**
 * Runs one task of a topology without a broker, in the manner of Kafka Streams' TopologyTestDriver: records in, records
 * out, time moved by the test. The input stays, as in a broker, so that {@link crash} can read it again from the committed
 * offset; what a transaction emitted before a crash is gone.
 */
export class TopologyTestDriver {
  readonly clock: VirtualClock
  readonly meter: RoleMeter
  readonly #topology: Topology
  readonly #options: DriverOptions
  readonly #input: DriverRecord[] = []
  readonly #output = new Map<string, DriverRecord[]>()
  #task!: Task
  #position = 0
  #committed = 0

  private constructor(topology: Topology, options: DriverOptions) {
    this.#topology = topology
    this.#options = options
    this.clock = options.clock ?? new VirtualClock(1_700_000_000_000)
    this.meter = new RoleMeter(topology.name, new Registry())
  }

  static async open(topology: Topology, options: DriverOptions = {}): Promise<TopologyTestDriver> {
    const driver = new TopologyTestDriver(topology, options)
    await driver.#openTask()
    return driver
  }

  /** Next offset to read after a crash. */
  get committedOffset(): number {
    return this.#committed
  }

  counter(name: string): number {
    return this.meter.snapshot()[name] ?? 0
  }

  /** Appends the records to the input and has the task take them in as one batch. */
  async pipe(records: readonly DriverRecord[]): Promise<void> {
    this.#input.push(...records)
    await this.#read()
  }

  /** Appends raw values without keys, taken by the broker now. */
  async pipeValues(values: readonly (Uint8Array | null)[]): Promise<void> {
    await this.pipe(values.map((value) => ({ key: null, value, timestampMs: this.clock.now() })))
  }

  /** Flushes the task and commits its offset. What it throws leaves the offset where it was. */
  async commit(): Promise<void> {
    const pending: [string, DriverRecord[]][] = []
    const transactional = this.#topology.delivery === 'transaction'
    await this.#task.flush(async (topic, partition, batch) => {
      const place = `${topic}-${partition}`
      if (transactional) pending.push([place, recordsOf(batch)])
      else this.#append(place, recordsOf(batch))
    })
    for (const [place, records] of pending) this.#append(place, records)
    this.#committed = this.#position
  }

  /** Commits if the task has something to say though it read nothing. */
  async commitIfWanted(): Promise<boolean> {
    const wanted = this.#task.wantsFlush(this.clock.now())
    if (wanted) await this.commit()
    return wanted
  }

  /** Drops the task with all it has in memory, opens another, and has it read on from the committed offset. */
  async crash(): Promise<void> {
    await this.#openTask()
    await this.#read()
  }

  /** What was sent to the partition and not taken yet. */
  take(topic: Topic, partition = 0): DriverRecord[] {
    const place = `${topic}-${partition}`
    const records = this.#output.get(place) ?? []
    this.#output.delete(place)
    return records
  }

  /** As {@link take}, read as JSON. */
  takeJson<T>(topic: Topic, partition = 0): T[] {
    const decoder = new TextDecoder()
    return this.take(topic, partition).map(({ value }) => JSON.parse(decoder.decode(value ?? undefined)) as T)
  }

  #append(place: string, records: DriverRecord[]): void {
    this.#output.set(place, [...(this.#output.get(place) ?? []), ...records])
  }

  /**
   * Has the task take a batch in as it is and flush what comes of it, outside of the input, the output and the offset: for
   * measuring.
   *
   * @returns bytes of the keys and values that were emitted
   */
  async measure(records: RecordBatch): Promise<number> {
    const { inputTopic: topic } = this.#topology
    let sizeBytes = 0
    await this.#task.process({ topic, partition: this.#options.partition ?? 0, records, end: records.count })
    await this.#task.flush(async (_topic, _partition, batch) => {
      sizeBytes += batch.bytes.length
    })
    return sizeBytes
  }

  async #openTask(): Promise<void> {
    this.#task = await this.#topology.openTask({
      partition: this.#options.partition ?? 0,
      topicId: this.#options.topicId ?? 'topic-1',
      inputPartitions: this.#options.inputPartitions ?? 1,
      caughtUp: this.#committed === this.#input.length,
      clock: this.clock,
      meter: this.meter,
      logger: pino({ level: 'silent' }),
      partitionsOf: (topic) => this.#options.outputPartitions?.[topic] ?? 1,
    })
    this.#position = this.#committed
  }

  async #read(): Promise<void> {
    const { inputTopic: topic } = this.#topology
    const records = batchOf(this.#input.slice(this.#position), this.#position)
    if (records.count === 0) return
    const end = this.#input.length
    await this.#task.process({ topic, partition: this.#options.partition ?? 0, records, end })
    this.#position = end
  }
}

function batchOf(records: readonly DriverRecord[], firstOffset: number): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (const { key, value, timestampMs, headers } of records) builder.append(key, value, timestampMs, headers)
  const batch = builder.build()
  return new RecordBatch({ ...batch, offsets: Float64Array.from(records, (_, i) => firstOffset + i) })
}

function recordsOf(batch: RecordBatch): DriverRecord[] {
  return Array.from({ length: batch.count }, (_, i) => {
    const headers = batch.headers.get(i)
    const record = { key: copy(batch.key(i)), value: copy(batch.value(i)), timestampMs: batch.timestampMs(i) }
    return headers === undefined ? record : { ...record, headers }
  })
}

function copy(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : bytes.slice()
}

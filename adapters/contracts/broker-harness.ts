import { randomUUID } from 'node:crypto'
import {
  type Broker,
  type Consumer,
  type ConsumerOptions,
  type FetchedBatch,
  type Producer,
  type RecordBatch,
  RecordBatchBuilder,
  type TopicSpec,
  type TransactionalProducer,
} from '@weir/core'

/** A broker adapter as the contract suite meets it. */
export interface BrokerUnderTest {
  readonly broker: Broker
  /** Session time-out short enough to wait for, and long enough that a busy machine does not reach it. ms */
  readonly sessionTimeoutMs: number
  /** Makes time pass for retention and lets it act; null where a test can not bring that about. */
  readonly expireRecords: ((ageMs: number) => Promise<void>) | null
  stop(): Promise<void>
}

export interface BrokerHarness {
  /** Why the broker can not be run on this machine and how to mend it: its tests are skipped with that note. */
  readonly unavailable?: string | null
  start(): Promise<BrokerUnderTest>
}

interface Client {
  close(): Promise<void>
}

/** The longest that anything in the suite may take to come about. ms */
const PATIENCE_MS = 30_000
const POLL = { maxWaitMs: 50, maxBytes: 1024 * 1024 }

/** One test's topics and clients; closes what it opened. */
export class BrokerScene {
  readonly under: BrokerUnderTest
  readonly #clients: Client[] = []

  constructor(under: BrokerUnderTest) {
    this.under = under
  }

  get broker(): Broker {
    return this.under.broker
  }

  async topic(partitions = 1, bounds: Pick<TopicSpec, 'retentionBytes' | 'retentionMs'> = {}): Promise<string> {
    const topic = `contract-${randomUUID()}`
    await this.broker.ensureTopic({ topic, partitions, ...bounds })
    return topic
  }

  async producer(): Promise<Producer> {
    return this.#keep(await this.broker.producer())
  }

  async transactionalProducer(transactionalId: string): Promise<TransactionalProducer> {
    return this.#keep(await this.broker.transactionalProducer(transactionalId))
  }

  async consumer(topics: readonly string[], options: Partial<ConsumerOptions> = {}): Promise<Consumer> {
    return this.#keep(await this.broker.consumer({ topics, startAt: 'earliest', ...options }))
  }

  /** A member of a group with the harness's session time-out. */
  member(topics: readonly string[], groupId: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> {
    return this.consumer(topics, { groupId, sessionTimeoutMs: this.under.sessionTimeoutMs, ...options })
  }

  async close(): Promise<void> {
    for (const client of this.#clients.reverse()) await client.close()
  }

  #keep<T extends Client>(client: T): T {
    this.#clients.push(client)
    return client
  }
}

export function groupName(): string {
  return `group-${randomUUID()}`
}

export function batchOf(values: readonly string[], timestampMs = Date.now()): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (const value of values) builder.appendText(null, value, timestampMs)
  return builder.build()
}

export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`)
}

export interface ReadRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly value: string
}

export function recordsOf(fetched: readonly FetchedBatch[]): ReadRecord[] {
  return fetched.flatMap(({ topic, partition, records }) =>
    Array.from({ length: records.count }, (_, i) => ({
      topic,
      partition,
      offset: records.offset(i),
      value: new TextDecoder().decode(records.value(i) ?? new Uint8Array()),
    })),
  )
}

export function valuesOf(records: readonly ReadRecord[]): string[] {
  return records.map((record) => record.value)
}

/** Polls until `count` records have come, and once more to see that no further one does. */
export async function readExactly(consumer: Consumer, count: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  await pollUntil(
    [consumer],
    () => records.length >= count,
    (fetched) => records.push(...recordsOf(fetched)),
  )
  records.push(...recordsOf(await consumer.poll(POLL)))
  return records
}

/**
 * Polls the consumers side by side until the condition holds.
 *
 * @throws if it does not within the suite's patience
 */
export async function pollUntil(
  consumers: readonly Consumer[],
  condition: () => boolean,
  onFetched: (fetched: FetchedBatch[], consumer: Consumer) => unknown = () => {},
): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`The condition did not come about in ${PATIENCE_MS} ms.`)
    await Promise.all(consumers.map(async (consumer) => onFetched(await consumer.poll(POLL), consumer)))
  }
}

/** The partitions assigned, as text that compares easily. */
export function assignedTo(consumer: Consumer): string[] {
  return consumer
    .assignment()
    .map(({ topic, partition }) => `${topic}/${partition}`)
    .sort()
}

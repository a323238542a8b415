import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBroker } from '@weir/adapters/embedded'
import { type Broker, RecordBatchBuilder, type Role, TOPICS } from '@weir/core'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { ProcessorDeps } from '../config.ts'

/** A real embedded broker with the topics of the pipeline, in a directory of its own. */
export class EmbeddedPipeline {
  readonly dir: string
  readonly broker: Broker
  readonly #roles: Role[] = []

  private constructor(dir: string, broker: Broker) {
    this.dir = dir
    this.broker = broker
  }

  static async open(partitions: number): Promise<EmbeddedPipeline> {
    const dir = await mkdtemp(join(tmpdir(), 'weir-processors-'))
    const broker = openBroker({ dir: join(dir, 'broker') })
    for (const topic of [TOPICS.logs, TOPICS.metricDeltas]) await broker.ensureTopic({ topic, partitions })
    for (const topic of [TOPICS.metrics, TOPICS.anomalies, TOPICS.logsDeadLetter, TOPICS.metricDeltasDeadLetter]) {
      await broker.ensureTopic({ topic, partitions: 1 })
    }
    return new EmbeddedPipeline(dir, broker)
  }

  get deps(): ProcessorDeps {
    return {
      broker: this.broker,
      clock: { now: () => Date.now() },
      logger: pino({ level: 'silent' }),
      registry: new Registry(),
      config: { commitIntervalMs: 50, idleMs: 1_000 },
    }
  }

  /** Starts a role that is stopped with the pipeline at the latest. */
  async run(start: (deps: ProcessorDeps) => Promise<Role>): Promise<Role> {
    const role = await start(this.deps)
    this.#roles.push(role)
    return role
  }

  /** Sends values to topic `logs`, in batches over its partitions in turn. */
  async send(values: readonly Uint8Array[]): Promise<void> {
    const producer = await this.broker.producer()
    const { partitions } = await this.broker.describeTopic(TOPICS.logs)
    const size = Math.ceil(values.length / partitions.length)
    for (const { partition } of partitions) {
      const builder = new RecordBatchBuilder()
      for (const value of values.slice(partition * size, (partition + 1) * size)) {
        builder.append(null, value, Date.now())
      }
      if (builder.count > 0) await producer.send(TOPICS.logs, partition, builder.build())
    }
    await producer.close()
  }

  /** Records of a topic that the group has yet to commit. */
  async lag(groupId: string, topic: string): Promise<number> {
    const committed = await this.broker.committedOffsets(groupId, topic)
    const { partitions } = await this.broker.describeTopic(topic)
    return partitions.reduce((sum, { partition, end }) => sum + end - (committed.get(partition) ?? 0), 0)
  }

  /** Every record of a topic with one partition, read as JSON. */
  async readAll<T>(topic: string): Promise<T[]> {
    const { partitions } = await this.broker.describeTopic(topic)
    const reader = await this.broker.consumer({ topics: [topic], startAt: 'earliest' })
    const decoder = new TextDecoder()
    const values: T[] = []
    let next = 0
    while (next < (partitions[0]?.end ?? 0)) {
      for (const { records } of await reader.poll({ maxWaitMs: 100, maxBytes: 1_000_000 })) {
        for (let i = 0; i < records.count; i++) {
          values.push(JSON.parse(decoder.decode(records.value(i)!)) as T)
          next = records.offset(i) + 1
        }
      }
    }
    await reader.close()
    return values
  }

  async stopRoles(): Promise<void> {
    for (const role of this.#roles) await role.stop()
  }

  async close(): Promise<void> {
    await this.stopRoles()
    await this.broker.close()
    await rm(this.dir, { recursive: true, force: true })
  }
}

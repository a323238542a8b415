import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBroker } from '@weir/adapters/embedded'
import { type Broker, type Clock, decodeLogRecord, type LogRecord, type RecordHeaders, TOPICS } from '@weir/core'
import { type Logger, pino } from 'pino'
import { Registry } from 'prom-client'
import type { IngestLimits } from '../limits.ts'
import { type IngestRole, startIngest } from '../start-ingest.ts'

export const LOG_PARTITIONS = 3

export interface StoredDeadLetter {
  readonly value: Uint8Array
  readonly headers: RecordHeaders
}

/** Ingest on ports of its own, over an embedded broker in a directory of its own. */
export interface RunningIngest {
  readonly role: IngestRole
  readonly registry: Registry
  readonly broker: Broker
  /** What was logged, a JSON line each. */
  readonly logged: string[]
  /** Everything in topic `logs`, partition by partition. */
  logs(): Promise<LogRecord[]>
  deadLetters(): Promise<StoredDeadLetter[]>
  counter(name: string): number
  stop(): Promise<void>
}

export interface RunningIngestOptions {
  readonly limits?: Partial<IngestLimits>
  readonly clock?: Clock
  /** Puts something between ingest and the broker: one that is slow, or fails. */
  readonly wrap?: (broker: Broker) => Broker
}

export async function runIngest(options: RunningIngestOptions = {}): Promise<RunningIngest> {
  const dir = await mkdtemp(join(tmpdir(), 'weir-ingest-'))
  const broker = openBroker({ dir })
  await broker.ensureTopic({ topic: TOPICS.logs, partitions: LOG_PARTITIONS })
  await broker.ensureTopic({ topic: TOPICS.logsDeadLetter, partitions: 1 })
  const logged: string[] = []
  const registry = new Registry()
  const role = await startIngest({
    broker: options.wrap?.(broker) ?? broker,
    clock: options.clock ?? { now: () => Date.now() },
    http: { host: '127.0.0.1', port: 0 },
    forward: { host: '127.0.0.1', port: 0 },
    logger: capturingLogger(logged),
    registry,
    ...(options.limits && { limits: options.limits }),
  })
  return {
    role,
    registry,
    broker,
    logged,
    logs: async () =>
      (await readTopic(broker, TOPICS.logs)).map(({ value }) => {
        const record = decodeLogRecord(value)
        if (record === undefined) throw new Error('topic logs holds something that is no LogRecord')
        return record
      }),
    deadLetters: () => readTopic(broker, TOPICS.logsDeadLetter),
    counter: (name) => role.status().counters[name] ?? 0,
    stop: async () => {
      await role.stop()
      await broker.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function capturingLogger(lines: string[]): Logger {
  return pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
}

async function readTopic(broker: Broker, topic: string): Promise<StoredDeadLetter[]> {
  const { partitions } = await broker.describeTopic(topic)
  let left = partitions.reduce((sum, { end }) => sum + end, 0)
  const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
  const records: StoredDeadLetter[] = []
  while (left > 0) {
    for (const { records: batch } of await consumer.poll({ maxWaitMs: 1000, maxBytes: 8 * 1024 * 1024 })) {
      for (let i = 0; i < batch.count; i++) {
        records.push({ value: batch.value(i)!.slice(), headers: batch.headers.get(i) ?? {} })
      }
      left -= batch.count
    }
  }
  await consumer.close()
  return records
}

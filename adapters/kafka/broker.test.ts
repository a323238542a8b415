import { randomUUID } from 'node:crypto'
import { SASL_USER, startKafka, whyUnavailable } from '@weir/test-services'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeBrokerContract } from '../contracts/broker.ts'
import { batchOf, groupName, numbered, readExactly, valuesOf } from '../contracts/broker-harness.ts'
import { type KafkaBrokerOptions, openKafka } from './broker.ts'
import type { KafkaEvent } from './kafka-event.ts'

const TIMEOUT_MS = 60_000
const note = await whyUnavailable('kafka')
const kafka = note === null ? await startKafka() : null
afterAll(() => kafka?.stop(), TIMEOUT_MS)

describeBrokerContract('Kafka', {
  unavailable: note,
  start: async () => {
    const broker = openKafka({ brokers: [kafka!.address] })
    return { broker, sessionTimeoutMs: 3000, expireRecords: null, stop: () => broker.close() }
  },
})

describe('Kafka beside the contract', { timeout: TIMEOUT_MS }, () => {
  beforeEach(({ skip }) => {
    if (note !== null) skip(note)
  })

  const topicName = () => `kafka-${randomUUID()}`
  const opened: { close(): Promise<void> }[] = []
  afterAll(async () => {
    for (const each of opened.reverse()) await each.close()
  })
  const open = (options: Partial<KafkaBrokerOptions> = {}) => {
    const broker = openKafka({ brokers: [kafka!.address], ...options })
    opened.push(broker)
    return broker
  }
  const others = () => {
    const client = new Kafka({ brokers: [kafka!.address], logLevel: logLevel.NOTHING })
    return { admin: client.admin(), producer: client.producer(), consumer: client.consumer({ groupId: groupName() }) }
  }

  it('gives a topic that was deleted and made anew another identity', async () => {
    const broker = open()
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const { topicId } = await broker.describeTopic(topic)
    const { admin } = others()
    await admin.connect()
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
    await vi.waitFor(() => expect(broker.describeTopic(topic)).rejects.toMatchObject({ code: 'WEIR_TOPIC_UNKNOWN' }))
    await broker.ensureTopic({ topic, partitions: 1 })
    expect((await broker.describeTopic(topic)).topicId).not.toBe(topicId)
  })

  it('leaves an existing topic as it is, and tells how it differs', async () => {
    const events: KafkaEvent[] = []
    const broker = open({ onEvent: (event) => events.push(event) })
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 2, retentionMs: 3_600_000 })
    await broker.ensureTopic({ topic, partitions: 2, retentionMs: 7_200_000 })
    expect(events.filter(({ kind }) => kind === 'topic-differs')).toEqual([
      { kind: 'topic-differs', topic, setting: 'retention.ms', wanted: '7200000', found: '3600000' },
    ])
    await broker.ensureTopic({ topic, partitions: 2, retentionMs: 3_600_000 })
    expect(events.filter(({ kind }) => kind === 'topic-differs').length).toBe(1)
  })

  it('reads what another client wrote, compressed by gzip, with null keys and values and several headers', async () => {
    const broker = open()
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const { producer } = others()
    await producer.connect()
    const headers = { one: 'first', two: ['a', 'b'] }
    const messages = [
      { key: null, value: 'plain' },
      { key: 'k', value: null, headers },
    ]
    await producer.send({ topic, messages, compression: CompressionTypes.GZIP })
    await producer.disconnect()
    const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
    opened.push(consumer)
    const [fetched] = await consumer.poll({ maxWaitMs: 10_000, maxBytes: 1024 })
    const { records } = fetched!
    expect(records.count).toBe(2)
    expect([records.key(0), Buffer.from(records.value(0)!).toString()]).toEqual([null, 'plain'])
    expect([Buffer.from(records.key(1)!).toString(), records.value(1)]).toEqual(['k', null])
    expect(records.headers.get(1)).toEqual({ one: 'first', two: 'b' })
  })

  it.each(['none', 'gzip'] as const)('writes by %s what another client reads', async (compression) => {
    const broker = open({ compression })
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const producer = await broker.producer()
    opened.push(producer)
    await producer.send(topic, 0, batchOf(numbered('r', 500)))
    const { consumer } = others()
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const seen: string[] = []
    await consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(message.value!.toString())
      },
    })
    await vi.waitFor(() => expect(seen).toEqual(numbered('r', 500)), { timeout: 20_000 })
    await consumer.disconnect()
  })

  it('reads its own zstd, and splits a batch that is larger than the brokers take', async () => {
    const broker = open({ compression: 'zstd' })
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const producer = await broker.producer()
    opened.push(producer)
    const values = numbered('x'.repeat(1000), 3000)
    expect(await producer.send(topic, 0, batchOf(values))).toBe(0)
    const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
    opened.push(consumer)
    expect(valuesOf(await readExactly(consumer, 3000))).toEqual(values)
  })

  it('refuses a record that is larger than the brokers take, and goes on', async () => {
    const broker = open({ compression: 'none' })
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const producer = await broker.producer()
    opened.push(producer)
    const tooLarge = batchOf(['x'.repeat(2_000_000)])
    await expect(producer.send(topic, 0, tooLarge)).rejects.toMatchObject({ code: 'WEIR_RECORD_TOO_LARGE' })
    expect(await producer.send(topic, 0, batchOf(['small']))).toBe(0)
  })

  it('logs in by SASL, and says so plainly when it is refused', async () => {
    const brokers = [kafka!.saslAddress]
    const sasl = { mechanism: 'plain', ...SASL_USER } as const
    const broker = open({ brokers, sasl })
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    expect((await broker.describeTopic(topic)).partitions.length).toBe(1)
    const stranger = open({ brokers, sasl: { ...sasl, password: 'wrong' } })
    await expect(stranger.ensureTopic({ topic, partitions: 1 })).rejects.toMatchObject({ code: 'WEIR_CONFIG_INVALID' })
  })

  it('says that a session time-out is outside what the brokers allow', async () => {
    const broker = open()
    const topic = topicName()
    await broker.ensureTopic({ topic, partitions: 1 })
    const options = { topics: [topic], startAt: 'earliest', groupId: groupName(), sessionTimeoutMs: 10 } as const
    const consumer = await broker.consumer(options)
    opened.push(consumer)
    await expect(consumer.poll({ maxWaitMs: 10_000, maxBytes: 1 })).rejects.toMatchObject({
      code: 'WEIR_CONFIG_INVALID',
    })
  })
})

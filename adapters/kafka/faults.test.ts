import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Consumer, type FetchedBatch, type RecordBatch, RecordBatchBuilder } from '@weir/core'
import { type KafkaService, startKafka, whyUnavailable } from '@weir/test-services'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type KafkaBroker, openKafka } from './broker.ts'
import type { KafkaEvent } from './kafka-event.ts'

const TIMEOUT_MS = 120_000
const SLEEPER = fileURLToPath(new URL('./testing/sleeper.ts', import.meta.url))
const note = await whyUnavailable('kafka')

describe('faults of a Kafka broker', { timeout: TIMEOUT_MS }, () => {
  let kafka: KafkaService
  let broker: KafkaBroker
  const events: KafkaEvent[] = []
  beforeAll(async () => {
    if (note !== null) return
    kafka = await startKafka()
    broker = openKafka({ brokers: [kafka.address], onEvent: (event) => events.push(event) })
  }, TIMEOUT_MS)
  beforeEach(({ skip }) => {
    if (note !== null) skip(note)
    events.length = 0
  })
  afterAll(async () => {
    await broker?.close()
    await kafka?.stop()
  }, TIMEOUT_MS)

  it('loses and repeats nothing that it sent, and keeps its order, over kill -9 in the middle', async () => {
    const topic = 'killed-while-producing'
    await broker.ensureTopic({ topic, partitions: 2 })
    const producer = await broker.producer()
    const sent = [0, 0]
    const acknowledged: Promise<number>[] = []
    let stop = false
    const produce = async (partition: number) => {
      while (!stop) {
        const sends = Array.from({ length: 20 }, () => producer.send(topic, partition, one(String(sent[partition]!++))))
        acknowledged.push(...sends)
        await Promise.all(sends)
      }
    }
    const producing = [produce(0), produce(1)]
    await vi.waitFor(() => expect(Math.min(...sent)).toBeGreaterThan(200), { timeout: TIMEOUT_MS })
    await kafka.kill()
    await kafka.restart()
    const before = [...sent]
    const grown = () => sent.every((count, partition) => count > before[partition]! + 200)
    await vi.waitFor(() => expect(grown()).toBe(true), { timeout: TIMEOUT_MS })
    stop = true
    await Promise.all(producing)
    await Promise.all(acknowledged)
    await producer.close()

    for (const partition of [0, 1]) {
      const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
      const values = await read(consumer, partition, sent[partition]!)
      expect(values).toEqual(Array.from({ length: sent[partition]! }, (_, i) => String(i)))
      await consumer.close()
    }
    expect(events).toContainEqual({ kind: 'disconnected', client: 'producer', reason: expect.any(String) })
    expect(events.filter(({ kind }) => kind === 'connected').length).toBeGreaterThan(1)
  })

  it('goes on with a transaction and a group over kill -9, and commits once', async () => {
    const [input, output] = ['killed-input', 'killed-output']
    for (const topic of [input, output]) await broker.ensureTopic({ topic, partitions: 1 })
    const producer = await broker.producer()
    await producer.send(input, 0, one('in'))
    const reader = await broker.consumer({
      topics: [input],
      startAt: 'earliest',
      groupId: 'g',
      sessionTimeoutMs: 30_000,
    })
    expect(await read(reader, 0, 1)).toEqual(['in'])

    const transactional = await broker.transactionalProducer('tx-over-kill')
    await transactional.begin()
    await transactional.send(output, 0, one('before'))
    await kafka.kill()
    const sending = transactional.send(output, 0, one('after'))
    await kafka.restart()
    await sending
    await transactional.sendOffsets(reader.member(), [{ topic: input, partition: 0, offset: 1 }])
    await transactional.commit()

    const watcher = await broker.consumer({ topics: [output], startAt: 'earliest' })
    expect(await read(watcher, 0, 2)).toEqual(['before', 'after'])
    await vi.waitFor(async () => expect(await broker.committedOffsets('g', input)).toEqual(new Map([[0, 1]])))
    await producer.send(input, 0, one('next'))
    expect(await read(reader, 0, 1)).toEqual(['next'])
    for (const client of [watcher, reader, transactional, producer]) await client.close()
  })

  it('waits for a broker that is away, gives up in time, and neither loses nor repeats what comes after', async () => {
    const topic = 'away'
    await broker.ensureTopic({ topic, partitions: 1 })
    const impatient = openKafka({ brokers: [kafka.address], deliveryTimeoutMs: 1000 })
    const producer = await impatient.producer()
    await producer.send(topic, 0, one('first'))
    await kafka.kill()

    const early = openKafka({ brokers: [kafka.address], onEvent: (event) => events.push(event) })
    const made = early.ensureTopic({ topic: 'made-late', partitions: 1 })
    await vi.waitFor(() => expect(events.some(({ kind }) => kind === 'disconnected')).toBe(true), { timeout: 20_000 })
    const closed = openKafka({ brokers: [kafka.address] })
    const starting = [closed.ensureTopic({ topic: 'never', partitions: 1 }), closed.transactionalProducer('never')]
    const refused = starting.map((each) => expect(each).rejects.toMatchObject({ code: 'WEIR_CLOSED' }))
    await closed.close()
    await Promise.all(refused)
    await expect(producer.send(topic, 0, one('given up'))).rejects.toMatchObject({
      code: 'WEIR_BROKER_UNAVAILABLE',
      retriable: true,
    })

    await kafka.restart()
    await made
    expect((await early.describeTopic('made-late')).partitions.length).toBe(1)
    expect(events.at(-1)).toEqual({ kind: 'connected', client: 'admin client' })
    await vi.waitFor(() => producer.send(topic, 0, one('next')), { timeout: 30_000 })
    const consumer = await early.consumer({ topics: [topic], startAt: 'earliest' })
    expect(await read(consumer, 0, 2)).toEqual(['first', 'next'])
    for (const client of [consumer, producer, early, impatient]) await client.close()
  })

  it('fences a process that was stopped in the middle of a transaction while others took over', async () => {
    const [input, output, groupId, transactionalId] = ['slept-input', 'slept-output', 'sleepers', 'sleeper']
    for (const topic of [input, output]) await broker.ensureTopic({ topic, partitions: 1 })
    const producer = await broker.producer()
    await producer.send(input, 0, one('in'))
    const sleeper = spawn(process.execPath, [SLEEPER, kafka.address, input, output, groupId, transactionalId], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface(sleeper.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('ready')
    sleeper.kill('SIGSTOP')

    const heir = await broker.consumer({ topics: [input], startAt: 'earliest', groupId, sessionTimeoutMs: 10_000 })
    expect(await read(heir, 0, 1)).toEqual(['in'])
    const taken = await broker.transactionalProducer(transactionalId)
    await taken.begin()
    await taken.send(output, 0, one('of the heir'))
    await taken.sendOffsets(heir.member(), [{ topic: input, partition: 0, offset: 1 }])
    await taken.commit()

    sleeper.kill('SIGCONT')
    sleeper.stdin.write('go on\n')
    expect(JSON.parse((await lines.next()).value ?? '')).toEqual({
      groupCommit: 'WEIR_GROUP_FENCED',
      sendOffsets: 'WEIR_PRODUCER_FENCED',
      commit: 'WEIR_PRODUCER_FENCED',
    })
    await once(sleeper, 'exit')
    const watcher = await broker.consumer({ topics: [output], startAt: 'earliest' })
    expect(await read(watcher, 0, 1)).toEqual(['of the heir'])
    for (const client of [watcher, taken, heir, producer]) await client.close()
  })
})

function one(value: string): RecordBatch {
  const builder = new RecordBatchBuilder()
  builder.appendText(null, value, Date.now())
  return builder.build()
}

/** Polls until `count` records of the partition have come, and once more to see that no further one does. */
async function read(consumer: Consumer, partition: number, count: number): Promise<string[]> {
  const values: string[] = []
  const keep = (fetched: readonly FetchedBatch[]) => {
    for (const { records, ...from } of fetched) {
      if (from.partition !== partition) continue
      for (let i = 0; i < records.count; i++)
        values.push(new TextDecoder().decode(records.value(i) ?? new Uint8Array()))
    }
  }
  const deadlineMs = Date.now() + 60_000
  while (values.length < count) {
    if (Date.now() > deadlineMs) throw new Error(`Only ${values.length} of ${count} records came.`)
    keep(await consumer.poll({ maxWaitMs: 200, maxBytes: 1024 * 1024 }))
  }
  keep(await consumer.poll({ maxWaitMs: 200, maxBytes: 1024 * 1024 }))
  return values
}

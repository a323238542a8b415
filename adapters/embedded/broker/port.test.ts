import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, pollUntil, readExactly, valuesOf } from '../../contracts/broker-harness.ts'
import { type EmbeddedBroker, openBroker } from './broker.ts'
import { connectBroker } from './connect.ts'
import { serveBroker } from './serve.ts'

let directory: string
let broker: EmbeddedBroker
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-port-'))
  broker = openBroker({ dir: directory })
  await broker.ensureTopic({ topic: 'logs', partitions: 2 })
})
afterEach(async () => {
  await broker.close()
  await rm(directory, { recursive: true })
})

function connect() {
  const { port1, port2 } = new MessageChannel()
  serveBroker(broker, port1)
  return { client: connectBroker(port2), serverPort: port1 }
}

describe('a client thread that dies', () => {
  it('leaves its groups at once and its transaction unseen', async () => {
    const { port1, port2 } = new MessageChannel()
    serveBroker(broker, port1)
    const worker = new Worker(new URL('./port.fixture.ts', import.meta.url), {
      workerData: { port: port2, topic: 'logs' },
      transferList: [port2],
    })
    const watcher = await broker.consumer({ topics: ['logs'], startAt: 'earliest' })
    expect(valuesOf(await readExactly(watcher, 1))).toEqual(['ready'])
    const heir = await broker.consumer({ groupId: 'g', topics: ['logs'], startAt: 'earliest' })

    await worker.terminate()
    await pollUntil([heir], () => heir.assignment().length === 2)
    const producer = await broker.transactionalProducer('tx')
    await producer.begin()
    await producer.send('logs', 0, batchOf(['seen']))
    await producer.commit()
    expect(valuesOf(await readExactly(watcher, 1))).toEqual(['seen'])
  })
})

describe('a broker thread that is gone', () => {
  it('fails the calls under way and all later ones', async () => {
    const { client, serverPort } = connect()
    const consumer = await client.consumer({ topics: ['logs'], startAt: 'earliest' })
    const polling = consumer.poll({ maxWaitMs: 60_000, maxBytes: 1 })
    const refused = expect(polling).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    const closed = once(serverPort, 'close')
    serverPort.close()
    await closed
    await refused
    await expect(client.describeTopic('logs')).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
  })
})

describe('batches', () => {
  it('stay the sender’s own: one can be sent again, and neighbours in its buffer are not taken along', async () => {
    const { client } = connect()
    const producer = await client.producer()
    const batch = batchOf(['a', 'b'])
    await producer.send('logs', 0, batch)
    await producer.send('logs', 0, batch)
    const consumer = await client.consumer({ topics: ['logs'], startAt: 'earliest' })
    expect(valuesOf(await readExactly(consumer, 4))).toEqual(['a', 'b', 'a', 'b'])
    await client.close()
  })

  it('are refused as overload when too many bytes are on their way, and accepted again after', async () => {
    const { client } = connect()
    const producer = await client.producer()
    const large = batchOf([randomBytes(15_000_000).toString('latin1')])
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => producer.send('logs', 0, large)))
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(reasons.length).toBeGreaterThan(0)
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'WEIR_OVERLOADED', retriable: true })
    expect(await producer.send('logs', 0, batchOf(['after']))).toBe(outcomes.length - reasons.length)
    await client.close()
  })
})

describe('callbacks', () => {
  it('that fail make the poll fail with their error, and run again in the next one', async () => {
    const { client } = connect()
    let attempts = 0
    const consumer = await client.consumer({
      groupId: 'g',
      topics: ['logs'],
      startAt: 'earliest',
      onAssigned: () => {
        attempts++
        if (attempts === 1) throw new Error('state could not be loaded')
      },
    })
    await expect(consumer.poll({ maxWaitMs: 0, maxBytes: 1 })).rejects.toThrow('state could not be loaded')
    expect(consumer.assignment()).toEqual([])
    await pollUntil([consumer], () => consumer.assignment().length === 2)
    expect(attempts).toBe(2)
    await client.close()
  })
})

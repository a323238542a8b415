import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { batchOf, numbered, pollUntil, readExactly } from '../../contracts/broker-harness.ts'
import { type EmbeddedBroker, openBroker } from './broker.ts'

let directory: string
let broker: EmbeddedBroker
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-fencing-'))
  broker = openBroker({ dir: directory, maxTransactionBytes: 2000 })
  await broker.ensureTopic({ topic: 'in', partitions: 1 })
  await broker.ensureTopic({ topic: 'out', partitions: 1 })
  await (await broker.producer()).send('in', 0, batchOf(numbered('r', 3)))
})
afterEach(async () => {
  await broker.close()
  await rm(directory, { recursive: true })
})

const offsets = [{ topic: 'in', partition: 0, offset: 3 }]

function joinGroup(sessionTimeoutMs: number) {
  return broker.consumer({ groupId: 'g', topics: ['in'], startAt: 'earliest', sessionTimeoutMs })
}

async function endOf(topic: string): Promise<number> {
  return (await broker.describeTopic(topic)).partitions[0]!.end
}

it('refuses at the commit a transaction whose member lost the partition after it gave its offsets', async () => {
  const slow = await joinGroup(150)
  await readExactly(slow, 3)
  const producer = await broker.transactionalProducer('tx')
  await producer.begin()
  await producer.send('out', 0, batchOf(['derived']))
  await producer.sendOffsets(slow.member(), offsets)
  const heir = await joinGroup(60_000)
  await pollUntil([heir], () => heir.assignment().length === 1)

  await expect(producer.commit()).rejects.toMatchObject({ code: 'WEIR_GROUP_FENCED' })
  expect(await endOf('out')).toBe(0)
  expect(await broker.committedOffsets('g', 'in')).toEqual(new Map())
  await producer.begin()
})

it('refuses only the fenced one of the writes that share a commit', async () => {
  const zombie = await broker.transactionalProducer('tx')
  await zombie.begin()
  await zombie.send('out', 0, batchOf(['zombie']))
  const commit = expect(zombie.commit()).rejects.toMatchObject({ code: 'WEIR_PRODUCER_FENCED' })
  const sent = (await broker.producer()).send('out', 0, batchOf(['plain']))
  await broker.transactionalProducer('tx')
  await commit
  expect(await sent).toBe(0)
  expect(await endOf('out')).toBe(1)
})

it('takes an identity from before a rebalance that left its partition where it was', async () => {
  await broker.ensureTopic({ topic: 'more', partitions: 1 })
  const both = { groupId: 'g', topics: ['in', 'more'], startAt: 'earliest', sessionTimeoutMs: 60_000 } as const
  const first = await broker.consumer(both)
  await pollUntil([first], () => first.assignment().length === 2)
  const before = first.member()
  const second = await broker.consumer(both)
  await pollUntil([first, second], () => second.assignment().length === 1)

  const producer = await broker.transactionalProducer('tx')
  const [kept, lost] = [first.assignment()[0]!, second.assignment()[0]!]
  await producer.begin()
  await producer.sendOffsets(before, [{ ...kept, offset: 0 }])
  await expect(producer.sendOffsets(before, [{ ...lost, offset: 0 }])).rejects.toMatchObject({
    code: 'WEIR_GROUP_FENCED',
  })
  await producer.commit()
  expect(await broker.committedOffsets('g', kept.topic)).toEqual(new Map([[0, 0]]))
})

it('bounds a transaction, which stays open without the batch that was too much', async () => {
  const producer = await broker.transactionalProducer('tx')
  await producer.begin()
  await producer.send('out', 0, batchOf(['small']))
  const noise = Array.from({ length: 400 }, () => Math.random().toString(36).slice(2)).join('')
  await expect(producer.send('out', 0, batchOf([noise]))).rejects.toMatchObject({ code: 'WEIR_RECORD_TOO_LARGE' })
  await producer.commit()
  expect(await endOf('out')).toBe(1)
})

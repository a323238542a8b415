import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { type BrokerScene, batchOf, groupName, numbered, pollUntil, readExactly, valuesOf } from './broker-harness.ts'

const fenced = { code: 'WEIR_PRODUCER_FENCED' }
const wrongState = { code: 'WEIR_TRANSACTION_STATE' }
const transactionalId = () => `tx-${randomUUID()}`

export function describeTransactions(scene: () => BrokerScene): void {
  describe('transactions', () => {
    it('shows the records of two topics and the offsets together, and only after the commit', async () => {
      const [input, left, right] = [await scene().topic(), await scene().topic(), await scene().topic()]
      const groupId = groupName()
      await (await scene().producer()).send(input, 0, batchOf(numbered('in', 5)))
      const reader = await scene().member([input], groupId)
      await readExactly(reader, 5)
      const watcher = await scene().consumer([left, right])

      const producer = await scene().transactionalProducer(transactionalId())
      await producer.begin()
      await producer.send(left, 0, batchOf(['l0', 'l1']))
      await producer.send(right, 0, batchOf(['r0']))
      await producer.sendOffsets(reader.member(), [{ topic: input, partition: 0, offset: 5 }])
      expect(await watcher.poll({ maxWaitMs: 100, maxBytes: 1024 })).toEqual([])
      expect(await scene().broker.committedOffsets(groupId, input)).toEqual(new Map())
      await producer.commit()

      expect(valuesOf(await readExactly(watcher, 3)).sort()).toEqual(['l0', 'l1', 'r0'])
      await committed(scene(), groupId, input, new Map([[0, 5]]))
    })

    it('shows nothing of an aborted transaction, and goes on with the next', async () => {
      const topic = await scene().topic()
      const producer = await scene().transactionalProducer(transactionalId())
      for (const [value, ending] of [
        ['dropped', 'abort'],
        ['kept', 'commit'],
        ['dropped too', 'abort'],
      ] as const) {
        await producer.begin()
        await producer.send(topic, 0, batchOf([value]))
        await producer[ending]()
      }
      await (await scene().producer()).send(topic, 0, batchOf(['plain']))
      expect(valuesOf(await readExactly(await scene().consumer([topic]), 2))).toEqual(['kept', 'plain'])
    })

    it('drops the open transaction of a producer that closes', async () => {
      const topic = await scene().topic()
      const producer = await scene().transactionalProducer(transactionalId())
      await producer.begin()
      await producer.send(topic, 0, batchOf(['dropped']))
      await producer.close()
      expect(await (await scene().consumer([topic])).poll({ maxWaitMs: 200, maxBytes: 1024 })).toEqual([])
    })

    it('commits the offsets alone', async () => {
      const topic = await scene().topic()
      const groupId = groupName()
      await (await scene().producer()).send(topic, 0, batchOf(['a']))
      const reader = await scene().member([topic], groupId)
      await readExactly(reader, 1)
      const producer = await scene().transactionalProducer(transactionalId())
      await producer.begin()
      await producer.sendOffsets(reader.member(), [{ topic, partition: 0, offset: 1 }])
      await producer.commit()
      await committed(scene(), groupId, topic, new Map([[0, 1]]))
    })

    it('keeps the order of the sends of one transaction per partition', async () => {
      const topic = await scene().topic()
      const producer = await scene().transactionalProducer(transactionalId())
      await producer.begin()
      await Promise.all(numbered('r', 50).map((value) => producer.send(topic, 0, batchOf([value]))))
      await producer.commit()
      expect(valuesOf(await readExactly(await scene().consumer([topic]), 50))).toEqual(numbered('r', 50))
    })

    it('fences a zombie: nothing of its open transaction is ever seen', async () => {
      const topic = await scene().topic()
      const id = transactionalId()
      const zombie = await scene().transactionalProducer(id)
      await zombie.begin()
      await zombie.send(topic, 0, batchOf(['zombie']))
      const heir = await scene().transactionalProducer(id)
      await heir.begin()
      await heir.send(topic, 0, batchOf(['heir']))
      await expect(zombie.commit()).rejects.toMatchObject(fenced)
      await expect(zombie.begin()).rejects.toMatchObject(fenced)
      await heir.commit()
      expect(valuesOf(await readExactly(await scene().consumer([topic]), 1))).toEqual(['heir'])
    })

    it('refuses the offsets of a member that lost the partition, and with them the transaction', async () => {
      const [input, output] = [await scene().topic(), await scene().topic()]
      const groupId = groupName()
      await (await scene().producer()).send(input, 0, batchOf(['a']))
      const slow = await scene().member([input], groupId)
      await readExactly(slow, 1)
      const stale = slow.member()
      const heir = await scene().member([input], groupId)
      await pollUntil([heir], () => heir.assignment().length === 1)

      const producer = await scene().transactionalProducer(transactionalId())
      await producer.begin()
      await producer.send(output, 0, batchOf(['derived']))
      const offsets = [{ topic: input, partition: 0, offset: 1 }]
      await expect(producer.sendOffsets(stale, offsets)).rejects.toMatchObject({ code: 'WEIR_GROUP_FENCED' })
      await producer.abort()
      expect(await scene().broker.committedOffsets(groupId, input)).toEqual(new Map())
      expect(await (await scene().consumer([output])).poll({ maxWaitMs: 200, maxBytes: 1024 })).toEqual([])
    })

    it('refuses calls that the state does not allow', async () => {
      const topic = await scene().topic()
      const producer = await scene().transactionalProducer(transactionalId())
      await expect(producer.send(topic, 0, batchOf(['a']))).rejects.toMatchObject(wrongState)
      await expect(producer.commit()).rejects.toMatchObject(wrongState)
      await producer.abort()
      await producer.begin()
      await expect(producer.begin()).rejects.toMatchObject(wrongState)
      await expect(producer.send('contract-none', 0, batchOf(['a']))).rejects.toMatchObject({
        code: 'WEIR_TOPIC_UNKNOWN',
      })
    })
  })
}

/** A broker may decide a transaction at once, and show what it decided a moment later. */
async function committed(scene: BrokerScene, groupId: string, topic: string, offsets: Map<number, number>) {
  await vi.waitFor(async () => expect(await scene.broker.committedOffsets(groupId, topic)).toEqual(offsets))
}

import type { TopicPartition } from '@weir/core'
import { describe, expect, it } from 'vitest'
import {
  assignedTo,
  type BrokerScene,
  batchOf,
  groupName,
  numbered,
  pollUntil,
  type ReadRecord,
  readExactly,
  recordsOf,
  valuesOf,
} from './broker-harness.ts'

export function describeGroups(scene: () => BrokerScene): void {
  describe('consumer groups', () => {
    it.each([
      { members: 1, sizes: [4] },
      { members: 2, sizes: [2, 2] },
      { members: 3, sizes: [1, 1, 2] },
      { members: 5, sizes: [0, 1, 1, 1, 1] },
    ])('spreads 4 partitions over $members members as $sizes', async ({ members, sizes }) => {
      const topic = await scene().topic(4)
      const groupId = groupName()
      const consumers = await Promise.all(Array.from({ length: members }, () => scene().member([topic], groupId)))
      const held = () => consumers.map((consumer) => consumer.assignment().length).sort((a, b) => a - b)
      await pollUntil(consumers, () => held().join() === sizes.join())
      expect(new Set(consumers.flatMap(assignedTo)).size).toBe(4)
    })

    it('gives every record to exactly one member while they come and go in order', async () => {
      const topic = await scene().topic(4)
      const groupId = groupName()
      const seen: ReadRecord[] = []
      const consumers = [await joinCommitting(scene(), topic, groupId, seen)]
      const producer = await scene().producer()
      const produce = async (round: number) => {
        for (let partition = 0; partition < 4; partition++) {
          await producer.send(topic, partition, batchOf(numbered(`${round}-${partition}-`, 25)))
        }
      }
      const settle = (count: number) =>
        pollUntil(
          consumers.map((each) => each.consumer),
          () => seen.length >= count,
          (fetched, consumer) => consumers.find((each) => each.consumer === consumer)!.onFetched(recordsOf(fetched)),
        )
      await produce(0)
      await settle(100)
      consumers.push(await joinCommitting(scene(), topic, groupId, seen))
      await produce(1)
      await settle(200)
      consumers.push(await joinCommitting(scene(), topic, groupId, seen))
      await produce(2)
      await settle(300)
      await consumers.shift()!.consumer.close()
      await produce(3)
      await settle(400)
      expect(seen.length).toBe(400)
      expect(new Set(valuesOf(seen)).size).toBe(400)
    })

    it('revokes before it assigns: onRevoked of the old member ends before onAssigned of the new one', async () => {
      const topic = await scene().topic(2)
      const groupId = groupName()
      const events: string[] = []
      const producer = await scene().producer()
      for (const partition of [0, 1]) await producer.send(topic, partition, batchOf(numbered('r', 7)))
      const note = (event: string) => (partitions: readonly TopicPartition[]) => {
        for (const { partition } of partitions) events.push(`${event} ${partition}`)
      }
      const first = await scene().member([topic], groupId, {
        onAssigned: note('first takes'),
        onRevoked: async (partitions) => {
          await first.commit(partitions.map((partition) => ({ ...partition, offset: 7 })))
          note('first leaves')(partitions)
        },
      })
      await pollUntil([first], () => first.assignment().length === 2)
      const second = await scene().member([topic], groupId, { onAssigned: note('second takes') })
      await pollUntil([first, second], () => second.assignment().length === 1)
      const { partition } = second.assignment()[0]!
      expect(events.indexOf(`first leaves ${partition}`)).toBeGreaterThan(events.indexOf(`first takes ${partition}`))
      expect(events.indexOf(`second takes ${partition}`)).toBeGreaterThan(events.indexOf(`first leaves ${partition}`))
      expect((await scene().broker.committedOffsets(groupId, topic)).get(partition)).toBe(7)
    })

    it('hands over at once when a member leaves', async () => {
      const topic = await scene().topic(2)
      const groupId = groupName()
      const revoked: boolean[] = []
      const first = await scene().member([topic], groupId, {
        sessionTimeoutMs: 60_000,
        onRevoked: (_, lost) => {
          revoked.push(lost)
        },
      })
      const second = await scene().member([topic], groupId, { sessionTimeoutMs: 60_000 })
      await pollUntil([first, second], () => first.assignment().length === 1 && second.assignment().length === 1)
      revoked.length = 0
      await first.close()
      await pollUntil([second], () => second.assignment().length === 2)
      expect(revoked).toEqual([false])
    })

    it('delivers again what a member that died had not committed', async () => {
      const topic = await scene().topic()
      const groupId = groupName()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 10)))
      const dying = await scene().member([topic], groupId)
      await readExactly(dying, 10)
      await dying.commit([{ topic, partition: 0, offset: 6 }])
      const heir = await scene().member([topic], groupId)
      expect(valuesOf(await readExactly(heir, 4))).toEqual(numbered('r', 10).slice(6))
    })

    it('refuses the commit of a member that lost its partition, and tells it in its next poll', async () => {
      const topic = await scene().topic()
      const groupId = groupName()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 10)))
      const revocations: boolean[] = []
      const slow = await scene().member([topic], groupId, {
        onRevoked: (_, lost) => {
          revocations.push(lost)
        },
      })
      await readExactly(slow, 10)
      const heir = await scene().member([topic], groupId)
      await pollUntil([heir], () => heir.assignment().length === 1)
      await expect(slow.commit([{ topic, partition: 0, offset: 10 }])).rejects.toMatchObject({
        code: 'WEIR_GROUP_FENCED',
      })
      expect(await scene().broker.committedOffsets(groupId, topic)).toEqual(new Map())
      await pollUntil([slow, heir], () => revocations.length > 0)
      expect(revocations).toEqual([true])
    })

    it('refuses the commit of a partition that is another member’s', async () => {
      const topic = await scene().topic(2)
      const groupId = groupName()
      const [one, other] = [await scene().member([topic], groupId), await scene().member([topic], groupId)]
      await pollUntil([one, other], () => one.assignment().length === 1 && other.assignment().length === 1)
      const foreign = { ...other.assignment()[0]!, offset: 0 }
      await expect(one.commit([foreign])).rejects.toMatchObject({ code: 'WEIR_GROUP_FENCED' })
    })

    it('keeps groups apart', async () => {
      const topic = await scene().topic()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 3)))
      const groups = [groupName(), groupName()]
      const consumers = await Promise.all(groups.map((groupId) => scene().member([topic], groupId)))
      for (const consumer of consumers) expect((await readExactly(consumer, 3)).length).toBe(3)
      await consumers[0]!.commit([{ topic, partition: 0, offset: 2 }])
      expect(await scene().broker.committedOffsets(groups[1]!, topic)).toEqual(new Map())
    })
  })
}

/** A member that commits what it read when partitions are taken from it. */
async function joinCommitting(scene: BrokerScene, topic: string, groupId: string, seen: ReadRecord[]) {
  const next = new Map<number, number>()
  const consumer = await scene.member([topic], groupId, {
    sessionTimeoutMs: 60_000,
    onRevoked: async (partitions) => {
      const held = partitions.filter(({ partition }) => next.has(partition))
      await consumer.commit(held.map(({ partition }) => ({ topic, partition, offset: next.get(partition)! })))
      for (const { partition } of held) next.delete(partition)
    },
  })
  const onFetched = (records: readonly ReadRecord[]) => {
    seen.push(...records)
    for (const { partition, offset } of records) next.set(partition, offset + 1)
  }
  return { consumer, onFetched }
}

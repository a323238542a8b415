import { describe, expect, it } from 'vitest'
import {
  assignedTo,
  type BrokerScene,
  batchOf,
  groupName,
  numbered,
  pollUntil,
  readExactly,
  recordsOf,
  valuesOf,
} from './broker-harness.ts'

export function describeReading(scene: () => BrokerScene): void {
  describe('reading', () => {
    it('without a group assigns every partition to every consumer', async () => {
      const topic = await scene().topic(3)
      const consumers = [await scene().consumer([topic]), await scene().consumer([topic])]
      await pollUntil(consumers, () => consumers.every((consumer) => consumer.assignment().length === 3))
      await expect(consumers[0]!.commit([{ topic, partition: 0, offset: 0 }])).rejects.toMatchObject({
        code: 'WEIR_GROUP_FENCED',
      })
    })

    it('starts at the first record with `earliest`', async () => {
      const topic = await scene().topic()
      await (await scene().producer()).send(topic, 0, batchOf(['old', 'new']))
      const consumer = await scene().consumer([topic], { startAt: 'earliest' })
      expect(valuesOf(await readExactly(consumer, 2))).toEqual(['old', 'new'])
    })

    it('starts behind the last record with `latest`', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      await producer.send(topic, 0, batchOf(['old']))
      const consumer = await scene().consumer([topic], { startAt: 'latest' })
      await pollUntil([consumer], () => consumer.assignment().length === 1)
      await producer.send(topic, 0, batchOf(['new']))
      expect(valuesOf(await readExactly(consumer, 1))).toEqual(['new'])
    })

    it('starts at the committed offset, whatever `startAt` says', async () => {
      const topic = await scene().topic()
      const groupId = groupName()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 10)))
      const first = await scene().member([topic], groupId)
      await readExactly(first, 10)
      await first.commit([{ topic, partition: 0, offset: 4 }])
      await first.close()
      expect(await scene().broker.committedOffsets(groupId, topic)).toEqual(new Map([[0, 4]]))
      const second = await scene().member([topic], groupId, { startAt: 'latest' })
      expect(valuesOf(await readExactly(second, 6))).toEqual(numbered('r', 10).slice(4))
    })

    it('has committed nothing for a group that never did', async () => {
      expect(await scene().broker.committedOffsets(groupName(), await scene().topic())).toEqual(new Map())
    })

    it('wakes a waiting poll when records arrive, long before its time is over', async () => {
      const topic = await scene().topic()
      const consumer = await scene().consumer([topic])
      await pollUntil([consumer], () => consumer.assignment().length === 1)
      const started = performance.now()
      const polled = consumer.poll({ maxWaitMs: 20_000, maxBytes: 1024 })
      await (await scene().producer()).send(topic, 0, batchOf(['a']))
      expect(valuesOf(recordsOf(await polled))).toEqual(['a'])
      expect(performance.now() - started).toBeLessThan(10_000)
    })

    it('comes back empty when its time is over', async () => {
      const consumer = await scene().consumer([await scene().topic()])
      expect(await consumer.poll({ maxWaitMs: 10, maxBytes: 1024 })).toEqual([])
    })

    it('bounds a poll by bytes, yet returns a record that is larger than the bound', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      for (let i = 0; i < 10; i++) await producer.send(topic, 0, batchOf([String(i).repeat(5000)]))
      const consumer = await scene().consumer([topic])
      const values = new Set<string>()
      while (values.size < 10) {
        const records = recordsOf(await consumer.poll({ maxWaitMs: 1000, maxBytes: 1 }))
        expect(records.length).toBeLessThanOrEqual(1)
        for (const { value } of records) values.add(value)
      }
    })

    it('reads on from where it seeks, inside a batch too', async () => {
      const topic = await scene().topic()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 10)))
      const consumer = await scene().consumer([topic])
      await readExactly(consumer, 10)
      consumer.seek({ topic, partition: 0, offset: 7 })
      const records = await readExactly(consumer, 3)
      expect(records.map(({ offset, value }) => [offset, value])).toEqual([
        [7, 'r7'],
        [8, 'r8'],
        [9, 'r9'],
      ])
    })

    it('starts where onAssigned seeks to', async () => {
      const topic = await scene().topic()
      await (await scene().producer()).send(topic, 0, batchOf(numbered('r', 10)))
      const consumer = await scene().consumer([topic], {
        onAssigned: () => consumer.seek({ topic, partition: 0, offset: 8 }),
      })
      expect(valuesOf(await readExactly(consumer, 2))).toEqual(['r8', 'r9'])
    })

    it('returns nothing of a paused partition until it is resumed, and loses nothing of it', async () => {
      const topic = await scene().topic(2)
      const consumer = await scene().consumer([topic])
      await pollUntil([consumer], () => assignedTo(consumer).length === 2)
      consumer.pause([{ topic, partition: 0 }])
      const producer = await scene().producer()
      await producer.send(topic, 0, batchOf(['held']))
      await producer.send(topic, 1, batchOf(['flowing']))
      expect(valuesOf(await readExactly(consumer, 1))).toEqual(['flowing'])
      consumer.resume([{ topic, partition: 0 }])
      expect(valuesOf(await readExactly(consumer, 1))).toEqual(['held'])
    })

    it('tells the end of the partition with each batch, from which the lag follows', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      for (let i = 0; i < 3; i++) await producer.send(topic, 0, batchOf([`r${i}`]))
      const consumer = await scene().consumer([topic])
      const lags: number[] = []
      await pollUntil(
        [consumer],
        () => lags.at(-1) === 0,
        (fetched) => {
          for (const { end, records } of fetched) lags.push(end - (records.offset(records.count - 1) + 1))
        },
      )
      expect(lags).toEqual([...lags].sort((a, b) => b - a))
    })

    it('leaves timers their turn while a backlog is read', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      await Promise.all(numbered('r', 100).map((value) => producer.send(topic, 0, batchOf([value]))))
      const consumer = await scene().consumer([topic])
      let timerHadItsTurn = false
      setTimeout(() => {
        timerHadItsTurn = true
      }, 1)
      for (let count = 0; count < 100; ) {
        count += recordsOf(await consumer.poll({ maxWaitMs: 1000, maxBytes: 1 })).length
        // The work of a consumer that is busy with every record.
        for (const busyUntil = performance.now() + 1; performance.now() < busyUntil; );
      }
      expect(timerHadItsTurn).toBe(true)
    })

    it('gives every partition its turn while one of them has a long backlog', async () => {
      const topic = await scene().topic(2)
      const producer = await scene().producer()
      for (let i = 0; i < 60; i++) await producer.send(topic, 0, batchOf(['x'.repeat(1000)]))
      await producer.send(topic, 1, batchOf(['rare']))
      const consumer = await scene().consumer([topic])
      let polls = 0
      for (let seen = false; !seen; ) {
        const records = recordsOf(await consumer.poll({ maxWaitMs: 1000, maxBytes: 2000 }))
        if (records.length > 0) polls++
        seen = records.some((record) => record.value === 'rare')
      }
      expect(polls).toBeLessThan(30)
    })
  })
}

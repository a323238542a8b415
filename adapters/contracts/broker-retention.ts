import { describe, expect, it } from 'vitest'
import { type BrokerScene, batchOf, readExactly } from './broker-harness.ts'

const HOUR_MS = 3_600_000

export function describeRetention(scene: () => BrokerScene): void {
  describe('retention', () => {
    it('drops old records, keeps young ones, and lets readers go on from `earliest`', async ({ skip }) => {
      const { broker, under } = scene()
      const expire = under.expireRecords
      if (expire === null) return skip('this broker does not let a test bring retention about')
      const topic = await scene().topic(1, { retentionMs: HOUR_MS })
      const producer = await scene().producer()
      const behind = await scene().consumer([topic])
      const nowMs = Date.now()
      await producer.send(topic, 0, batchOf(['old 0', 'old 1'], nowMs - 2 * HOUR_MS))
      await behind.poll({ maxWaitMs: 0, maxBytes: 1 })
      behind.seek({ topic, partition: 0, offset: 0 })
      await expire(HOUR_MS / 2)
      await producer.send(topic, 0, batchOf(['young 0', 'young 1'], nowMs + HOUR_MS / 2))
      await expire(HOUR_MS / 2)

      const { earliest, end } = (await broker.describeTopic(topic)).partitions[0]!
      expect([earliest, end]).toEqual([2, 4])
      for (const consumer of [behind, await scene().consumer([topic])]) {
        const records = await readExactly(consumer, 2)
        expect(records.map(({ offset, value }) => [offset, value])).toEqual([
          [2, 'young 0'],
          [3, 'young 1'],
        ])
      }
    })

    it('drops the oldest records over the bound of bytes', async ({ skip }) => {
      const { broker, under } = scene()
      const expire = under.expireRecords
      if (expire === null) return skip('this broker does not let a test bring retention about')
      const retentionBytes = 256 * 1024
      const topic = await scene().topic(1, { retentionBytes })
      const producer = await scene().producer()
      const incompressible = () => Array.from({ length: 2000 }, () => Math.random().toString(36).slice(2)).join('')
      for (let i = 0; i < 60; i++) await producer.send(topic, 0, batchOf([incompressible()]))
      await expire(0)
      const { earliest, end } = (await broker.describeTopic(topic)).partitions[0]!
      expect(end).toBe(60)
      expect(earliest).toBeGreaterThan(0)
      // 60 records of about 22 kB, 17 kB when compressed: the bound alone holds eleven.
      expect(end - earliest).toBeGreaterThanOrEqual(11)
      const records = await readExactly(await scene().consumer([topic]), end - earliest)
      expect(records[0]!.offset).toBe(earliest)
    })
  })
}

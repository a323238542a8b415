import { describe, expect, it } from 'vitest'
import { type BrokerScene, batchOf } from './broker-harness.ts'

export function describeTopics(scene: () => BrokerScene): void {
  describe('topics', () => {
    it('describes a new topic as empty from offset 0, with an identity of its own', async () => {
      const [one, other] = [await scene().topic(2), await scene().topic(1)]
      const description = await scene().broker.describeTopic(one)
      expect(description.topic).toBe(one)
      expect(description.partitions).toEqual([
        { partition: 0, earliest: 0, end: 0 },
        { partition: 1, earliest: 0, end: 0 },
      ])
      expect(description.topicId).not.toBe((await scene().broker.describeTopic(other)).topicId)
    })

    it('leaves a topic that is there as it is', async () => {
      const topic = await scene().topic(2)
      await (await scene().producer()).send(topic, 1, batchOf(['a']))
      const before = await scene().broker.describeTopic(topic)
      await scene().broker.ensureTopic({ topic, partitions: 2 })
      expect(await scene().broker.describeTopic(topic)).toEqual(before)
    })

    it('refuses a topic that exists with another number of partitions', async () => {
      const topic = await scene().topic(2)
      await expect(scene().broker.ensureTopic({ topic, partitions: 3 })).rejects.toMatchObject({
        code: 'WEIR_TOPIC_MISMATCH',
      })
    })

    it('knows no topic or partition that was not made', async () => {
      const unknown = { code: 'WEIR_TOPIC_UNKNOWN' }
      const producer = await scene().producer()
      const topic = await scene().topic(1)
      await expect(scene().broker.describeTopic('contract-none')).rejects.toMatchObject(unknown)
      await expect(producer.send('contract-none', 0, batchOf(['a']))).rejects.toMatchObject(unknown)
      await expect(producer.send(topic, 1, batchOf(['a']))).rejects.toMatchObject(unknown)
      await expect(scene().consumer(['contract-none'])).rejects.toMatchObject(unknown)
    })
  })
}

import type { Broker } from '@weir/core'

/** The broker as it is, but for its producers' `send`, which gets the true one to call, or not. */
export function withSend(broker: Broker, send: (go: () => Promise<number>) => Promise<number>): Broker {
  return {
    ensureTopic: (spec) => broker.ensureTopic(spec),
    describeTopic: (topic) => broker.describeTopic(topic),
    committedOffsets: (groupId, topic) => broker.committedOffsets(groupId, topic),
    transactionalProducer: (id) => broker.transactionalProducer(id),
    consumer: (options) => broker.consumer(options),
    close: () => broker.close(),
    producer: async () => {
      const producer = await broker.producer()
      return {
        send: (topic, partition, batch) => send(() => producer.send(topic, partition, batch)),
        close: () => producer.close(),
      }
    },
  }
}

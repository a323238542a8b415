import type { MessagePort } from 'node:worker_threads'
import type { Broker, ConsumerOptions, Producer, TopicDescription, TopicSpec, TransactionalProducer } from '@weir/core'
import { Connection } from './connection.ts'
import { BatchProducer } from './producer.ts'
import { RemoteConsumer } from './remote-consumer.ts'
import { RemoteTransactionalProducer } from './remote-transactional-producer.ts'

/**
 * The broker at the other end of the port, where {@link serveBroker} answers. Batches are encoded and decoded in this
 * thread. Closing it closes the port.
 */
export function connectBroker(port: MessagePort): Broker {
  return new RemoteBroker(new Connection(port))
}

class RemoteBroker implements Broker {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async ensureTopic(spec: TopicSpec): Promise<void> {
    await this.#connection.call({ op: 'ensure-topic', spec })
  }

  describeTopic(topic: string): Promise<TopicDescription> {
    return this.#connection.call({ op: 'describe-topic', topic })
  }

  committedOffsets(groupId: string, topic: string): Promise<Map<number, number>> {
    return this.#connection.call({ op: 'committed-offsets', groupId, topic })
  }

  async producer(): Promise<Producer> {
    return new BatchProducer((topic, partition, batch) =>
      this.#connection.call({ op: 'append', topic, partition, batch }),
    )
  }

  async transactionalProducer(transactionalId: string): Promise<TransactionalProducer> {
    const handle = await this.#connection.call({ op: 'open-transactional', transactionalId })
    return new RemoteTransactionalProducer(this.#connection, handle)
  }

  async consumer({ onAssigned, onRevoked, ...options }: ConsumerOptions): Promise<RemoteConsumer> {
    const { handle, state } = await this.#connection.call({ op: 'open-consumer', options })
    const consumer = new RemoteConsumer(this.#connection, handle, state, { onAssigned, onRevoked })
    this.#connection.consumers.set(handle, consumer)
    return consumer
  }

  async close(): Promise<void> {
    this.#connection.close()
  }
}

import type { MessagePort } from 'node:worker_threads'
import { type TopicPartition, WeirError } from '@weir/core'
import { partitionKey } from '../../groups/assignment.ts'
import type { EmbeddedBroker } from './broker.ts'
import type { EmbeddedConsumer } from './consumer.ts'
import {
  type Answers,
  type Call,
  type Callback,
  type ClientMessage,
  fromSentError,
  type Op,
  type PollAnswer,
  type RemoteConsumerOptions,
  type ServerMessage,
  type Steer,
  toSentError,
  transferable,
} from './protocol.ts'
import type { EmbeddedTransactionalProducer } from './transactional-producer.ts'

/**
 * Lets a client in another thread (see {@link connectBroker}) use the broker, until the port closes: then its consumers
 * leave their groups and its open transactions are dropped, as when its thread dies.
 */
export function serveBroker(broker: EmbeddedBroker, port: MessagePort): void {
  const session = new Session(broker, port)
  port.on('message', (message: ClientMessage) => session.receive(message))
  port.on('close', () => session.end())
}

class Session {
  readonly #broker: EmbeddedBroker
  readonly #port: MessagePort
  readonly #transactional = new Map<number, EmbeddedTransactionalProducer>()
  readonly #consumers = new Map<number, EmbeddedConsumer>()
  readonly #callbacks = new Map<number, PromiseWithResolvers<void>>()
  #lastNumber = 0
  #ended = false

  constructor(broker: EmbeddedBroker, port: MessagePort) {
    this.#broker = broker
    this.#port = port
  }

  receive(message: ClientMessage): void {
    if (message.kind === 'call') {
      void this.#answer(message.id, message.call)
      return
    }
    if (message.kind === 'tell') {
      this.#steer(message.steer)
      return
    }
    const callback = this.#callbacks.get(message.id)
    this.#callbacks.delete(message.id)
    if (message.error === null) callback?.resolve()
    else callback?.reject(fromSentError(message.error))
  }

  end(): void {
    this.#ended = true
    for (const consumer of this.#consumers.values()) consumer.abandon()
    for (const producer of this.#transactional.values()) void producer.close()
    const gone = new WeirError('WEIR_CLOSED', 'The client of the broker is gone.')
    for (const callback of this.#callbacks.values()) callback.reject(gone)
    this.#callbacks.clear()
  }

  async #answer(id: number, call: Call): Promise<void> {
    try {
      const value = await this.#handle(call)
      this.#post({ kind: 'answer', id, value }, call.op === 'poll' ? buffersOf(value as PollAnswer) : [])
    } catch (error) {
      this.#post({ kind: 'failure', id, error: toSentError(error) })
    }
  }

  /** The broker takes each call in before this returns, so that calls keep the order of their messages. */
  #handle(call: Call): Promise<Answers[Op]> {
    switch (call.op) {
      case 'ensure-topic':
        return this.#broker.ensureTopic(call.spec).then(nothing)
      case 'describe-topic':
        return this.#broker.describeTopic(call.topic)
      case 'committed-offsets':
        return this.#broker.committedOffsets(call.groupId, call.topic)
      case 'append':
        return this.#broker.append(call.topic, call.partition, call.batch)
      case 'open-transactional':
        return this.#openTransactional(call.transactionalId)
      case 'begin':
        return this.#producer(call.handle).begin().then(nothing)
      case 'send':
        return this.#producer(call.handle).sendEncoded(call.topic, call.partition, call.batch).then(nothing)
      case 'send-offsets':
        return this.#producer(call.handle).sendOffsets(call.member, call.offsets).then(nothing)
      case 'commit-transaction':
        return this.#producer(call.handle).commit().then(nothing)
      case 'abort':
        return this.#producer(call.handle).abort().then(nothing)
      case 'close-transactional':
        return this.#closeTransactional(call.handle)
      case 'open-consumer':
        return this.#openConsumer(call.options)
      case 'poll':
        return this.#poll(call.handle, call.maxWaitMs, call.maxBytes)
      case 'commit-offsets':
        return this.#consumer(call.handle).commit(call.offsets).then(nothing)
      case 'close-consumer':
        return this.#closeConsumer(call.handle)
    }
  }

  async #openTransactional(transactionalId: string): Promise<number> {
    const producer = await this.#broker.transactionalProducer(transactionalId)
    const handle = ++this.#lastNumber
    if (this.#ended) await producer.close()
    else this.#transactional.set(handle, producer)
    return handle
  }

  async #closeTransactional(handle: number): Promise<null> {
    await this.#producer(handle).close()
    this.#transactional.delete(handle)
    return null
  }

  async #openConsumer(options: RemoteConsumerOptions): Promise<Answers['open-consumer']> {
    const handle = ++this.#lastNumber
    const consumer = await this.#broker.consumer({
      ...options,
      onAssigned: (partitions) => this.#callBack(handle, partitions),
      onRevoked: (partitions, lost) => this.#callBack(handle, partitions, lost),
    })
    if (this.#ended) consumer.abandon()
    else this.#consumers.set(handle, consumer)
    return { handle, state: consumer.state() }
  }

  async #poll(handle: number, maxWaitMs: number, maxBytes: number): Promise<PollAnswer> {
    const consumer = this.#consumer(handle)
    try {
      const fetched = await consumer.pollStored({ maxWaitMs, maxBytes })
      return { fetched, failure: null, state: consumer.state() }
    } catch (error) {
      return { fetched: [], failure: toSentError(error), state: consumer.state() }
    }
  }

  /** A partition that the consumer lost meanwhile is passed over: it learns of that in its next poll. */
  #steer(steer: Steer): void {
    const consumer = this.#consumers.get(steer.handle)
    if (consumer === undefined) return
    const assigned = new Set(consumer.assignment().map(partitionKey))
    const held = (partition: TopicPartition) => assigned.has(partitionKey(partition))
    if (steer.op === 'seek') {
      if (held(steer.position)) consumer.seek(steer.position)
      return
    }
    const partitions = steer.partitions.filter(held)
    if (steer.op === 'pause') consumer.pause(partitions)
    else consumer.resume(partitions)
  }

  async #closeConsumer(handle: number): Promise<null> {
    await this.#consumer(handle).close()
    this.#consumers.delete(handle)
    return null
  }

  #callBack(handle: number, partitions: readonly TopicPartition[], lost?: boolean): Promise<void> {
    const id = ++this.#lastNumber
    const done = Promise.withResolvers<void>()
    this.#callbacks.set(id, done)
    const state = this.#consumer(handle).state()
    const callback: Callback = { handle, partitions, state, ...(lost !== undefined && { lost }) }
    this.#post({ kind: 'callback', id, callback })
    return done.promise
  }

  #producer(handle: number): EmbeddedTransactionalProducer {
    const producer = this.#transactional.get(handle)
    if (producer === undefined) throw new WeirError('WEIR_CLOSED', 'The transactional producer was closed.')
    return producer
  }

  #consumer(handle: number): EmbeddedConsumer {
    const consumer = this.#consumers.get(handle)
    if (consumer === undefined) throw new WeirError('WEIR_CLOSED', 'The consumer was closed.')
    return consumer
  }

  #post(message: ServerMessage, transfer: ArrayBuffer[] = []): void {
    if (!this.#ended) this.#port.postMessage(message, transfer)
  }
}

function buffersOf({ fetched }: PollAnswer): ArrayBuffer[] {
  return fetched.flatMap(({ blob }) => transferable(blob))
}

function nothing(): null {
  return null
}

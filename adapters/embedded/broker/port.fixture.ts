import { type MessagePort, workerData } from 'node:worker_threads'
import { RecordBatchBuilder } from '@weir/core'
import { connectBroker } from './connect.ts'

/*
 * Worker of port.test.ts: takes the partitions of the topic, leaves a transaction open, says so, and goes on until it is
 * terminated.
 */
const { port, topic } = workerData as { port: MessagePort; topic: string }
const broker = connectBroker(port)
const consumer = await broker.consumer({
  groupId: 'g',
  topics: [topic],
  startAt: 'earliest',
  sessionTimeoutMs: 600_000,
})
await consumer.poll({ maxWaitMs: 0, maxBytes: 1 })
const producer = await broker.transactionalProducer('tx')
await producer.begin()
const builder = new RecordBatchBuilder()
builder.appendText(null, 'never seen', 0)
await producer.send(topic, 0, builder.build())
await (await broker.producer()).send(topic, 1, batchOfOne('ready'))
await consumer.poll({ maxWaitMs: 600_000, maxBytes: 1 })
await consumer.poll({ maxWaitMs: 600_000, maxBytes: 1 })

function batchOfOne(value: string) {
  builder.appendText(null, value, 0)
  return builder.build()
}

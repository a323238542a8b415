import { writeSync } from 'node:fs'
import { RecordBatchBuilder } from '@weir/core'
import { openBroker } from './broker.ts'

/*
 * Child process of kill.test.ts: produces until it is killed, and prints a line for each thing acknowledged.
 * Arguments: data directory, number of the round.
 */
const [directory, round] = process.argv.slice(2)
const broker = openBroker({ dir: directory!, maxSegmentBytes: 100_000 })
await broker.ensureTopic({ topic: 'plain', partitions: 2 })
await broker.ensureTopic({ topic: 'left', partitions: 1 })
await broker.ensureTopic({ topic: 'right', partitions: 1 })

await Promise.all([producePlain(0), producePlain(1), produceTransactions()])

async function producePlain(partition: number): Promise<void> {
  const producer = await broker.producer()
  for (let i = 0; ; i += 3) {
    const values = [i, i + 1, i + 2].map((n) => `${round}:${n}`)
    const first = await producer.send('plain', partition, batchOf(values))
    acknowledge(['plain', partition, first, ...values])
  }
}

/** A transaction puts the same number into both topics and commits it as the group's offset. */
async function produceTransactions(): Promise<void> {
  const consumer = await broker.consumer({ groupId: 'group', topics: ['plain'], startAt: 'earliest' })
  await consumer.poll({ maxWaitMs: 0, maxBytes: 1 })
  const producer = await broker.transactionalProducer('tx')
  for (let i = 0; ; i++) {
    await producer.begin()
    await producer.send('left', 0, batchOf([`${round}:${i}`]))
    await producer.send('right', 0, batchOf([`${round}:${i}`, 'x'.repeat(500)]))
    await producer.sendOffsets(consumer.member(), [{ topic: 'plain', partition: 0, offset: Number(round) * 1e6 + i }])
    if (i % 4 === 3) {
      await producer.abort()
      continue
    }
    await producer.commit()
    acknowledge(['tx', `${round}:${i}`, Number(round) * 1e6 + i])
  }
}

function batchOf(values: readonly string[]) {
  const builder = new RecordBatchBuilder()
  for (const value of values) builder.appendText(null, value, Date.now())
  return builder.build()
}

/** Written at once: what is printed was acknowledged, whenever the kill comes. */
function acknowledge(parts: readonly (string | number)[]): void {
  writeSync(1, `${parts.join(' ')}\n`)
}

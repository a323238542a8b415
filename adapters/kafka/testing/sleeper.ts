import { once } from 'node:events'
import { RecordBatchBuilder } from '@weir/core'
import { openKafka } from '../index.ts'

/**
 * A processor to be stopped by SIGSTOP in the middle of a transaction: it says `ready`, waits for a line, and then says
 * as JSON with what codes the brokers refuse what it goes on to do.
 */
const [address, input, output, groupId, transactionalId] = process.argv.slice(2)
if (!address || !input || !output || !groupId || !transactionalId) throw new Error('Five arguments are needed.')

const broker = openKafka({ brokers: [address] })
const consumer = await broker.consumer({ topics: [input], startAt: 'earliest', groupId, sessionTimeoutMs: 2000 })
while ((await consumer.poll({ maxWaitMs: 100, maxBytes: 1024 })).length === 0);
const member = consumer.member()
const offsets = [{ topic: input, partition: 0, offset: 1 }]
const producer = await broker.transactionalProducer(transactionalId)
await producer.begin()
const builder = new RecordBatchBuilder()
builder.appendText(null, 'of the sleeper', Date.now())
await producer.send(output, 0, builder.build())
process.stdout.write('ready\n')

await once(process.stdin, 'data')
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
  )
const answer = {
  groupCommit: await codeOf(consumer.commit(offsets)),
  sendOffsets: await codeOf(producer.sendOffsets(member, offsets)),
  commit: await codeOf(producer.commit()),
}
process.stdout.write(`${JSON.stringify(answer)}\n`)
for (const client of [producer, consumer, broker]) await client.close()
process.stdin.destroy()

import { randomBytes } from 'node:crypto'
import { type RecordBatch, RecordBatchBuilder, type RecordHeaders } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { type BrokerScene, batchOf, numbered, pollUntil, readExactly, valuesOf } from './broker-harness.ts'

interface Sample {
  readonly title: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: RecordHeaders
}

const text = (value: string) => new TextEncoder().encode(value)

const SAMPLES: Sample[] = [
  { title: 'a null key', key: null, value: text('v') },
  { title: 'an empty key, which is not null', key: text(''), value: text('v') },
  { title: 'a null value, a tombstone', key: text('k'), value: null },
  { title: 'an empty value, which is not null', key: text('k'), value: text('') },
  { title: 'both null', key: null, value: null },
  { title: 'headers', key: text('k'), value: text('v'), headers: { 'weir.source': 'http', empty: '' } },
  { title: 'headers beyond ASCII', key: null, value: text('v'), headers: { größe: '日本語 🌊' } },
  { title: 'text beyond ASCII', key: text('ключ'), value: text('日志 🌊 e\u0301') },
  { title: 'bytes that are no UTF-8', key: Uint8Array.of(0xff, 0, 0xc0), value: Uint8Array.of(0x80, 0xfe, 0) },
  { title: 'a record of 1 MB', key: text('big'), value: new Uint8Array(randomBytes(1_000_000)) },
]

export function describeRecords(scene: () => BrokerScene): void {
  describe('records', () => {
    it.each(SAMPLES)('keeps $title byte for byte', async ({ key, value, headers }) => {
      const batch = await roundTrip(scene(), (builder) => {
        builder.append(text('before'), text('it'), 1000)
        builder.append(key, value, 1001, headers)
        builder.append(text('after'), text('it'), 1000)
      })
      expect(bytesOf(batch.key(1))).toEqual(bytesOf(key))
      expect(bytesOf(batch.value(1))).toEqual(bytesOf(value))
      expect(batch.headers.get(1)).toEqual(headers)
      expect([batch.headers.has(0), batch.headers.has(2)]).toEqual([false, false])
      expect(bytesOf(batch.value(2))).toEqual(bytesOf(text('it')))
    })

    it('keeps the timestamps, in whatever order', async () => {
      const timestampsMs = [1_700_000_000_000, 1_699_999_999_999, 1_700_000_000_000, 1_800_000_000_000]
      const batch = await roundTrip(scene(), (builder) => {
        for (const timestampMs of timestampsMs) builder.appendText(null, 'x', timestampMs)
      })
      expect([...batch.timestampsMs]).toEqual(timestampsMs)
    })

    it('numbers records from 0 per partition and answers with the first offset of each batch', async () => {
      const topic = await scene().topic(2)
      const producer = await scene().producer()
      expect(await producer.send(topic, 0, batchOf(['a', 'b']))).toBe(0)
      expect(await producer.send(topic, 0, batchOf(['c']))).toBe(2)
      expect(await producer.send(topic, 1, batchOf(['d']))).toBe(0)
      const { partitions } = await scene().broker.describeTopic(topic)
      expect(partitions.map((partition) => partition.end)).toEqual([3, 1])
    })

    it('keeps the order of batches sent without waiting for one another', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      const sent = numbered('r', 200)
      await Promise.all(sent.map((value) => producer.send(topic, 0, batchOf([value]))))
      expect(valuesOf(await readExactly(await scene().consumer([topic]), 200))).toEqual(sent)
    })

    it('keeps the order of each of several producers in each partition', async () => {
      const topic = await scene().topic(2)
      const names = ['a', 'b', 'c']
      const producers = await Promise.all(names.map(() => scene().producer()))
      await Promise.all(
        producers.map(async (producer, index) => {
          for (let i = 0; i < 40; i++) await producer.send(topic, i % 2, batchOf([`${names[index]}${i}`]))
        }),
      )
      const records = await readExactly(await scene().consumer([topic]), 120)
      for (const [index, name] of names.entries()) {
        for (const partition of [0, 1]) {
          const own = records.filter((record) => record.partition === partition && record.value.startsWith(name))
          const expected = numbered(names[index]!, 40).filter((_, i) => i % 2 === partition)
          expect(valuesOf(own)).toEqual(expected)
        }
      }
    })

    it('refuses to send on a closed producer', async () => {
      const topic = await scene().topic()
      const producer = await scene().producer()
      await producer.close()
      await expect(producer.send(topic, 0, batchOf(['late']))).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    })
  })
}

async function roundTrip(scene: BrokerScene, fill: (builder: RecordBatchBuilder) => void): Promise<RecordBatch> {
  const topic = await scene.topic()
  const builder = new RecordBatchBuilder()
  fill(builder)
  await (await scene.producer()).send(topic, 0, builder.build())
  const batches: RecordBatch[] = []
  await pollUntil(
    [await scene.consumer([topic])],
    () => batches.length > 0,
    (fetched) => batches.push(...fetched.map(({ records }) => records)),
  )
  expect(batches.length).toBe(1)
  return batches[0]!
}

function bytesOf(part: Uint8Array | null): Buffer | null {
  return part === null ? null : Buffer.from(part)
}

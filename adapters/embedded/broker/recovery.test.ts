import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, numbered, recordsOf, valuesOf } from '../../contracts/broker-harness.ts'
import { encodeBatch } from './batch-codec.ts'
import { type BrokerOptions, type EmbeddedBroker, openBroker } from './broker.ts'
import type { BrokerEvent } from './broker-event.ts'

const POLL = { maxWaitMs: 0, maxBytes: 64 * 1024 * 1024 }

let directory: string
let events: BrokerEvent[]
let opened: EmbeddedBroker[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-recovery-'))
  events = []
  opened = []
})
afterEach(async () => {
  for (const broker of opened) await broker.close()
  await rm(directory, { recursive: true })
})

describe('reopening', () => {
  it('finds topics, offsets, identities and records as they were', async () => {
    const broker = await brokerWith('logs', ['a', 'b'])
    const consumer = await broker.consumer({ groupId: 'g', topics: ['logs'], startAt: 'earliest' })
    await consumer.poll(POLL)
    await consumer.commit([{ topic: 'logs', partition: 0, offset: 1 }])
    await consumer.close()
    const description = await broker.describeTopic('logs')
    await broker.close()

    const again = open()
    expect(await again.describeTopic('logs')).toEqual(description)
    expect(await again.committedOffsets('g', 'logs')).toEqual(new Map([[0, 1]]))
    expect(await readValues(again, 'logs')).toEqual(['a', 'b'])
  })

  it('keeps what was sent and not awaited before the close', async () => {
    const broker = await brokerWith('logs', [])
    const sent = (await broker.producer()).send('logs', 0, batchOf(['last']))
    await broker.close()
    expect(await sent).toBe(0)
    expect(await readValues(open(), 'logs')).toEqual(['last'])
  })

  it('never shows rows whose commit a crash cut off, and gives their offsets to the next batch', async () => {
    const broker = await brokerWith('logs', ['a', 'b'])
    await broker.close()
    changeSegment((segment) => {
      const insert = segment.prepare('INSERT INTO batches VALUES (NULL, 0, ?, ?, 0, ?)')
      insert.run(2, 3, encodeBatch(batchOf(['torn 0', 'torn 1', 'torn 2'])).blob)
      insert.run(5, 1, encodeBatch(batchOf(['torn 3'])).blob)
    })

    const again = open()
    expect(await readValues(again, 'logs')).toEqual(['a', 'b'])
    const producer = await again.producer()
    expect(await producer.send('logs', 0, batchOf(['c', 'd']))).toBe(2)
    await producer.send('logs', 0, batchOf(['e', 'f']))
    expect(await readValues(again, 'logs')).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('tells of records that a power cut took, gives their offsets to no one else, and reads on behind them', async () => {
    const broker = await brokerWith('logs', ['a', 'b', 'b', 'b'])
    await broker.close()
    changeSegment((segment) => segment.exec('DELETE FROM batches WHERE base_offset >= 1'))

    const again = open()
    expect(events).toEqual([{ kind: 'records-lost', topic: 'logs', partition: 0, from: 1, to: 4 }])
    expect(await (await again.producer()).send('logs', 0, batchOf(['c']))).toBe(4)
    expect(await readValues(again, 'logs')).toEqual(['a', 'c'])
    const consumer = await again.consumer({ topics: ['logs'], startAt: 'earliest' })
    await consumer.poll(POLL)
    consumer.seek({ topic: 'logs', partition: 0, offset: 3 })
    expect(valuesOf(recordsOf(await consumer.poll(POLL)))).toEqual(['c'])
  })

  it('removes the file of a segment that was dropped just before a crash', async () => {
    await (await brokerWith('logs', ['a'])).close()
    const orphan = join(topicDirectory(), '7.db')
    await writeFile(orphan, '')
    await writeFile(`${orphan}-wal`, '')
    open()
    expect([existsSync(orphan), existsSync(`${orphan}-wal`)]).toEqual([false, false])
  })
})

describe('a corrupt batch', () => {
  it('is named with its topic, partition and offset, hides no other, and can be passed by', async () => {
    const broker = await brokerWith('logs', ['a', 'b', 'c'], 2)
    await (await broker.producer()).send('logs', 1, batchOf(['other']))
    await broker.close()
    changeSegment((segment) => segment.exec('UPDATE batches SET blob = zeroblob(length(blob)) WHERE base_offset = 1'))

    const consumer = await open().consumer({ topics: ['logs'], startAt: 'earliest' })
    expect(valuesOf(recordsOf(await consumer.poll(POLL))).sort()).toEqual(['a', 'other'])
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(consumer.poll(POLL)).rejects.toMatchObject({
        code: 'WEIR_STORE_FAILED',
        message: expect.stringContaining('offset 1 of partition 0 of topic logs'),
      })
    }
    consumer.seek({ topic: 'logs', partition: 0, offset: 2 })
    expect(valuesOf(recordsOf(await consumer.poll(POLL)))).toEqual(['c'])
  })
})

describe('a data directory that can not be used', () => {
  it('because another broker of this process holds it, until that one is closed', async () => {
    const broker = open()
    expect(() => open()).toThrow(/Another Weir uses the data directory/)
    await broker.close()
    open()
  })

  it('because its path is taken by a file', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    for (const dir of [file, join(file, 'below')]) {
      expect(() => open({ dir })).toThrow(expect.objectContaining({ code: 'WEIR_DATA_DIR_UNUSABLE' }))
    }
  })

  it('because its meta database is none: the sentence names the file, and the lock is given back', async () => {
    await open().close()
    const meta = join(directory, 'meta.db')
    await writeFile(meta, 'this is not a database, but long enough to be taken for one'.repeat(100))
    expect(() => open()).toThrow(new RegExp(meta))
    await rm(meta)
    open()
  })
})

describe('a data directory of a later Weir', () => {
  it('is refused, as it is', async () => {
    await open().close()
    const meta = new DatabaseSync(join(directory, 'meta.db'))
    meta.exec('PRAGMA user_version = 2')
    meta.close()
    expect(() => open()).toThrow(/layout 2, and this Weir knows 1/)
  })
})

describe('segments', () => {
  it('are read across, many more of them than are kept open', async () => {
    const values = numbered('r', 40)
    const broker = await brokerWith('logs', values, 1, { maxSegmentBytes: 1 })
    expect(readdirSync(topicDirectory()).filter((name) => name.endsWith('.db')).length).toBe(40)
    expect(await readValues(broker, 'logs')).toEqual(values)
    await broker.close()
    const again = open({ maxSegmentBytes: 1 })
    expect(await readValues(again, 'logs')).toEqual(values)
    const consumer = await again.consumer({ topics: ['logs'], startAt: 'latest' })
    await consumer.poll(POLL)
    consumer.seek({ topic: 'logs', partition: 0, offset: 17 })
    expect(valuesOf(recordsOf(await consumer.poll(POLL)))).toEqual(values.slice(17))
  })

  it('are dropped whole by retention: the file goes, the rest stays, and a reader behind is told', async () => {
    let nowMs = 1_000_000
    const broker = open({ clock: { now: () => nowMs }, maxSegmentBytes: 1 })
    await broker.ensureTopic({ topic: 'logs', partitions: 1, retentionMs: 1000 })
    const producer = await broker.producer()
    const consumer = await broker.consumer({ groupId: 'g', topics: ['logs'], startAt: 'earliest' })
    await consumer.poll(POLL)
    for (const value of ['a', 'b', 'c']) {
      await producer.send('logs', 0, batchOf([value], nowMs))
      nowMs += 600
    }
    await broker.enforceRetention()

    const { earliest, end } = (await broker.describeTopic('logs')).partitions[0]!
    expect([earliest, end]).toEqual([2, 3])
    expect(readdirSync(topicDirectory())).not.toContain('0.db')
    expect(valuesOf(recordsOf(await consumer.poll(POLL)))).toEqual(['c'])
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'position-moved', groupId: 'g', topic: 'logs', partition: 0, from: 0, to: 2 }),
    )
    expect(events.filter((event) => event.kind === 'segment-dropped').length).toBe(2)
  })
})

function open(options: Partial<BrokerOptions> = {}): EmbeddedBroker {
  const broker = openBroker({ dir: directory, onEvent: (event) => events.push(event), ...options })
  opened.push(broker)
  return broker
}

/** A broker with a batch per value in partition 0. */
async function brokerWith(
  topic: string,
  values: readonly string[],
  partitions = 1,
  options: Partial<BrokerOptions> = {},
): Promise<EmbeddedBroker> {
  const broker = open(options)
  await broker.ensureTopic({ topic, partitions })
  const producer = await broker.producer()
  for (const value of values) await producer.send(topic, 0, batchOf([value]))
  return broker
}

async function readValues(broker: EmbeddedBroker, topic: string): Promise<string[]> {
  const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
  const values = valuesOf(recordsOf(await consumer.poll(POLL)))
  await consumer.close()
  return values
}

function topicDirectory(): string {
  const [name] = readdirSync(join(directory, 'topics'))
  return join(directory, 'topics', name!)
}

function changeSegment(change: (segment: DatabaseSync) => unknown): void {
  const segment = new DatabaseSync(join(topicDirectory(), '0.db'))
  change(segment)
  segment.close()
}

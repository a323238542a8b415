import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { batchOf } from '../../contracts/broker-harness.ts'
import { encodeBatch } from './batch-codec.ts'
import { MetaStore } from './meta-store.ts'
import { TopicLog } from './topic-log.ts'

it('undoes an append that never advanced, when the next one comes: a failed commit leaves nothing behind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'weir-topic-log-'))
  const meta = new MetaStore(join(directory, 'meta.db'), 'process')
  const log = new TopicLog(meta.createTopic({ topic: 't', partitions: 1 }, 'id', 0), meta, {
    directory: join(directory, 't'),
    durability: 'process',
    maxSegmentBytes: 1_000_000,
    onEvent: () => {},
  })
  const staged = (baseOffset: number, values: string[]) => ({
    partition: 0,
    baseOffset,
    batch: encodeBatch(batchOf(values)),
  })
  try {
    const kept = [staged(0, ['a'])]
    log.append(kept, 0)
    log.advance(kept)
    log.append([staged(1, ['failed 0']), staged(2, ['failed 1'])], 0)
    expect(log.read(0, 0, 1000).batches.length).toBe(1)
    const retried = [staged(1, ['b', 'c'])]
    log.append(retried, 0)
    log.advance(retried)
    const { batches, next } = log.read(0, 0, 1000)
    expect(batches.map(({ baseOffset, count }) => [baseOffset, count])).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(next).toBe(3)
  } finally {
    log.close()
    meta.close()
    await rm(directory, { recursive: true })
  }
})

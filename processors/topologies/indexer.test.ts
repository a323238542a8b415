import { DEAD_LETTER_HEADERS, TOPICS } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { TopologyTestDriver } from '../runtime/topology-test-driver.ts'
import { MemoryLogStore } from '../testing/memory-stores.ts'
import { logValue } from '../testing/records.ts'
import { indexerTopology } from './indexer.ts'
import { normalizeForeign } from './read-log-record.ts'

async function open(): Promise<{ driver: TopologyTestDriver; store: MemoryLogStore }> {
  const store = new MemoryLogStore()
  const topology = indexerTopology({ logStore: store, normalize: normalizeForeign, commitIntervalMs: 500 })
  return { driver: await TopologyTestDriver.open(topology), store }
}

const text = (value: string) => new TextEncoder().encode(value)

describe('the indexer', () => {
  it('stores records under their offsets, with the bytes that are in their normalised form already', async () => {
    const { driver, store } = await open()
    const own = logValue(1_700_000_000_000)
    await driver.pipeValues([own, text('{"msg":"from elsewhere","level":"warn"}')])
    await driver.commit()
    expect(store.entries.get('topic-1-0-0')?.json).toEqual(own)
    expect(store.entries.get('topic-1-0-1')).toMatchObject({ record: { body: 'from elsewhere', severityNumber: 13 } })
    expect(store.entries.get('topic-1-0-1')?.json).toBeUndefined()
    expect(driver.committedOffset).toBe(2)
  })

  it('sends what is no record to the dead letters with its reason, and goes on', async () => {
    const { driver, store } = await open()
    await driver.pipeValues([text('{broken'), logValue(1), null, text('{"timeMs":-5')])
    await driver.commit()
    expect(store.entries.size).toBe(1)
    const dead = driver.take(TOPICS.logsDeadLetter)
    expect(dead.map(({ headers }) => headers?.[DEAD_LETTER_HEADERS.source])).toEqual([
      'logs-0-0',
      'logs-0-2',
      'logs-0-3',
    ])
    expect(dead[0]?.value).toEqual(text('{broken'))
    expect(dead[0]?.headers?.[DEAD_LETTER_HEADERS.code]).toBe('WEIR_RECORD_INVALID')
    expect(dead[0]?.headers?.[DEAD_LETTER_HEADERS.reason]).toMatch(/JSON/)
  })

  it('keeps the first 64 KiB of a dead letter', async () => {
    const { driver } = await open()
    await driver.pipeValues([text(`{${'x'.repeat(200_000)}`)])
    await driver.commit()
    expect(driver.take(TOPICS.logsDeadLetter)[0]?.value?.length).toBe(65_536)
  })

  it('after a crash between the store and the commit stores nothing twice, and dead-letters once', async () => {
    const { driver, store } = await open()
    await driver.pipeValues([logValue(1), text('{broken'), logValue(2)])
    store.faults.failAfter(0, true)
    await expect(driver.commit()).rejects.toThrow('the store went away')
    store.faults.heal()
    await driver.crash()
    await driver.commit()
    expect(store.entries.size).toBe(2)
    expect(driver.take(TOPICS.logsDeadLetter)).toHaveLength(1)
    expect(driver.committedOffset).toBe(3)
  })

  it('does not store or commit ahead of the broker when the store refuses', async () => {
    const { driver, store } = await open()
    await driver.pipeValues([logValue(1)])
    store.faults.failAfter(0, false)
    await expect(driver.commit()).rejects.toThrow('the store went away')
    expect(driver.committedOffset).toBe(0)
    expect(store.entries.size).toBe(0)
  })
})

import { DEAD_LETTER_HEADERS, TOPICS } from '@weir/core'
import { expect, it, vi } from 'vitest'
import { MemoryWeir } from '../testing/memory-weir.ts'
import { DeadLetterTally } from './dead-letter-tally.ts'
import type { Tally } from './tally.ts'

it('holds no more of a flood of dead letters than are in flight, though nobody asks for the counts', async () => {
  const weir = new MemoryWeir()
  for (let i = 0; i < 6_000; i++) {
    weir.broker.put(TOPICS.logsDeadLetter, 0, 'bad', { [DEAD_LETTER_HEADERS.source]: `${TOPICS.logs}-0-${i}` })
  }
  weir.broker.setCommitted('indexer', TOPICS.logs, { 0: 5_990 })
  const tally = new DeadLetterTally(weir.broker, weir.documentStore, weir.logger)
  tally.start()
  await vi.waitFor(async () => {
    const saved = await weir.documentStore.get<Tally>('tally', TOPICS.logsDeadLetter)
    expect(saved?.body.next).toEqual({ 0: 6_000 })
  })
  await tally.stop()
  const saved = await weir.documentStore.get<Tally>('tally', TOPICS.logsDeadLetter)
  expect(saved?.body.afterLogs).toBe(5_990)
  expect(saved?.body.uncommitted[0]).toHaveLength(10)
})

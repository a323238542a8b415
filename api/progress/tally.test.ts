import { describe, expect, it } from 'vitest'
import { countDeadLetter, EMPTY_TALLY, settleTally, type Tally } from './tally.ts'

/** Dead letters of partition 0 from offset 0 on, by their sources. */
function countAll(sources: readonly (string | undefined)[], from: Tally = EMPTY_TALLY): Tally {
  const start = from.next[0] ?? 0
  return sources.reduce((tally, source, i) => countDeadLetter(tally, { partition: 0, offset: start + i, source }), from)
}

function counts(tally: Tally, committed: Record<number, number>) {
  const byPartition = new Map(Object.entries(committed).map(([partition, offset]) => [Number(partition), offset]))
  const { beforeLogs, afterLogs } = settleTally(tally, byPartition)
  return { beforeLogs, afterLogs }
}

describe('the tally of dead letters', () => {
  it.each([
    ['those of ingest were never in topic logs', ['http', 'forward', undefined], { 0: 9 }, 3, 0],
    ['one of the indexer counts once the commit is past it', ['logs-0-4'], { 0: 5 }, 0, 1],
    ['one at the committed offset is still in flight', ['logs-0-4'], { 0: 4 }, 0, 0],
    ['one without any commit is still in flight', ['logs-1-0'], {}, 0, 0],
    ['partitions are apart', ['logs-0-4', 'logs-1-4'], { 0: 5, 1: 4 }, 0, 1],
    [
      'one written twice, after a crash before the commit, counts once',
      ['logs-0-4', 'logs-0-7', 'logs-0-4', 'logs-0-7'],
      { 0: 8 },
      0,
      2,
    ],
    ['a source of another topic is not of topic logs', ['metric-deltas-0-4', 'logs-x', 'my-logs-0-1'], { 0: 8 }, 3, 0],
  ])('%s', (_, sources, committed, beforeLogs, afterLogs) => {
    expect(counts(countAll(sources), committed)).toEqual({ beforeLogs, afterLogs })
  })

  it('a record read again changes nothing', () => {
    const tally = countAll(['http', 'logs-0-1'])
    expect(countDeadLetter(tally, { partition: 0, offset: 1, source: 'logs-0-1' })).toBe(tally)
  })

  it('offsets that retention dropped before they were read count as refused before topic logs', () => {
    const tally = countDeadLetter(EMPTY_TALLY, { partition: 0, offset: 10, source: 'logs-0-3' })
    expect(counts(tally, { 0: 4 })).toEqual({ beforeLogs: 10, afterLogs: 1 })
  })

  it('settles each once', () => {
    const tally = settleTally(countAll(['logs-0-1', 'logs-0-3']), new Map([[0, 2]]))
    expect([tally.afterLogs, tally.uncommitted]).toEqual([1, { 0: [3] }])
    expect(settleTally(tally, new Map([[0, 2]]))).toBe(tally)
    expect(settleTally(tally, new Map([[0, 4]]))).toMatchObject({ afterLogs: 2, uncommitted: {} })
  })
})

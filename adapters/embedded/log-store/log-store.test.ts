import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logEntries, logRecord } from '../../contracts/log-records.ts'
import { describeLogStoreContract } from '../../contracts/log-store.ts'
import { firstRowOf, MAX_TIME_MS, parsePosition, timeOfRow } from './log-id.ts'
import { MAX_CANDIDATES, openLogStore } from './log-store.ts'

const T0 = Date.UTC(2026, 4, 20, 12)
const EVERYTHING = { fromMs: 0, toMs: 2 ** 42, terms: [], services: [], minSeverityNumber: 0, limit: 100 } as const
const SOURCE = { topicId: 't', partition: 0 }

describeLogStoreContract('embedded', {
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'weir-logs-'))
    const retentionMs = 2 * 86_400_000
    const store = await openLogStore({ dir, retentionMs })
    const reader = await openLogStore({ dir, readOnly: true })
    return {
      store,
      reader,
      retentionMs,
      settle: async () => {},
      async stop() {
        await reader.close()
        await store.close()
        await rm(dir, { recursive: true })
      },
    }
  },
})

describe('embedded log store', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'weir-logs-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('goes on with what it has after it was closed', async () => {
    const at = join(dir, 'reopened')
    const first = await openLogStore({ dir: at })
    await first.append(SOURCE, logEntries([logRecord(T0, 'a'), logRecord(T0, 'b')]))
    await first.close()
    const second = await openLogStore({ dir: at })
    await second.append(SOURCE, logEntries([logRecord(T0, 'a'), logRecord(T0, 'b'), logRecord(T0, 'c')]))
    expect((await second.search(EVERYTHING)).logs.map((log) => log.record.body)).toEqual(['c', 'b', 'a'])
    await second.close()
  })

  it('ends a page early, with a cursor, when it has looked at its bound of candidates', async () => {
    const store = await openLogStore({ dir: join(dir, 'bounded') })
    const records = Array.from({ length: MAX_CANDIDATES + 10 }, (_, i) => logRecord(T0 + 10 + i, 'two words'))
    await store.append(SOURCE, logEntries([logRecord(T0, 'words two words'), ...records]))
    const search = { ...EVERYTHING, terms: [{ kind: 'phrase', text: 'words two', negated: false }] } as const
    const first = await store.search(search)
    expect(first.logs).toEqual([])
    const second = await store.search({ ...search, cursor: first.nextCursor! })
    expect(second.logs.map((log) => log.record.body)).toEqual(['words two words'])
    expect(second.nextCursor).toBeUndefined()
    await store.close()
  })

  it('finds all with a rare prefix beyond the newest lines that it looks at first', async () => {
    const store = await openLogStore({ dir: join(dir, 'prefix') })
    const records = Array.from({ length: 9_000 }, (_, i) => logRecord(T0 + i, i % 1_500 === 0 ? `needle${i}` : 'hay'))
    await store.append(SOURCE, logEntries(records))
    const { logs, nextCursor } = await store.search({
      ...EVERYTHING,
      terms: [{ kind: 'prefix', text: 'needle', negated: false }],
    })
    expect(logs.map((log) => log.record.body)).toEqual([7500, 6000, 4500, 3000, 1500, 0].map((i) => `needle${i}`))
    expect(nextCursor).toBeUndefined()
    await store.close()
  })

  it('files event times before 1970 and past 2248 at the ends', () => {
    expect(firstRowOf(-1)).toBe(0n)
    expect(timeOfRow(firstRowOf(MAX_TIME_MS + 5))).toBe(MAX_TIME_MS)
    expect(parsePosition('0-zzzzzzzzzzzzz')).toBeUndefined()
  })

  it('names the damaged file', async () => {
    const at = join(dir, 'damaged')
    const store = await openLogStore({ dir: at })
    await writeFile(join(at, 'logs-2026-05-20.db'), 'this is not a database, however long it may be'.repeat(100))
    await expect(store.search(EVERYTHING)).rejects.toMatchObject({
      code: 'WEIR_STORE_CORRUPT',
      message: expect.stringContaining('logs-2026-05-20.db'),
    })
    await store.close()
  })

  it('refuses a directory that can not be made', async () => {
    await writeFile(join(dir, 'a-file'), '')
    await expect(openLogStore({ dir: join(dir, 'a-file') })).rejects.toMatchObject({ code: 'WEIR_DATA_DIR_UNUSABLE' })
    await expect(openLogStore({ dir: join(dir, 'none'), readOnly: true })).rejects.toMatchObject({
      code: 'WEIR_DATA_DIR_UNUSABLE',
    })
  })
})

import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMetricStoreContract } from '../../contracts/metric-store.ts'
import { openMetricStore } from './metric-store.ts'
import { BLOCK_WINDOWS, pointKey, seriesNoOf, windowOf } from './point-key.ts'

const DAY_MS = 86_400_000
const T0 = Date.UTC(2015, 4, 20)

function point(startMs: number, count = 1, resolutionMs = 10_000) {
  return {
    series: { metric: 'm', labels: { service: 'web' } },
    resolutionMs,
    startMs,
    aggregate: { count, sum: count, min: 1, max: 1, sketch: null },
    revision: 0,
    closed: true,
    source: { topicId: 't', partition: 0, offset: 1 },
  }
}

describeMetricStoreContract('embedded', {
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'weir-metrics-'))
    const store = await openMetricStore({ dir })
    const reader = await openMetricStore({ dir, readOnly: true })
    return {
      store,
      reader,
      expireFinest: () => store.applyRetention(Date.now() + 4 * DAY_MS),
      async stop() {
        await reader.close()
        await store.close()
        await rm(dir, { recursive: true })
      },
    }
  },
})

describe('embedded metric store', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'weir-metrics-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  it.each([
    { window: 0, seriesNo: 1 },
    { window: BLOCK_WINDOWS - 1, seriesNo: 2 ** 32 - 1 },
    { window: BLOCK_WINDOWS, seriesNo: 7 },
    { window: 10_079, seriesNo: 2 ** 32 - 1 },
  ])('a key tells window $window and series $seriesNo, in whole numbers', ({ window, seriesNo }) => {
    const key = pointKey(window, seriesNo)
    expect(Number.isSafeInteger(key)).toBe(true)
    expect([windowOf(key), seriesNoOf(key)]).toEqual([window, seriesNo])
  })

  it('keeps windows of years ago for the retention after they were written', async () => {
    const at = join(dir, 'late')
    const store = await openMetricStore({ dir: at, retentionMs: { 10000: DAY_MS } })
    await store.upsert([point(T0), point(T0 + DAY_MS)])
    const nowMs = Date.now()
    await store.applyRetention(nowMs)
    expect(await store.load([point(T0)])).toMatchObject([{ startMs: T0 }])
    const longAgo = new Date(nowMs - 2 * DAY_MS)
    for (const suffix of ['', '-wal']) await utimes(join(at, `10s-2015-05-20.db${suffix}`), longAgo, longAgo)
    await store.applyRetention(nowMs)
    expect(await store.load([point(T0), point(T0 + DAY_MS)])).toMatchObject([undefined, { startMs: T0 + DAY_MS }])
    await store.close()
  })

  it('goes on with what it has after it was closed, over more files than it keeps open', async () => {
    const at = join(dir, 'reopened')
    const days = Array.from({ length: 40 }, (_, i) => point(T0 + i * DAY_MS, i + 1))
    const first = await openMetricStore({ dir: at })
    await first.upsert(days)
    await first.close()
    const second = await openMetricStore({ dir: at })
    expect((await second.load(days)).map((found) => found?.aggregate.count)).toEqual(days.map((_, i) => i + 1))
    await second.close()
    expect((await readdir(at)).filter((name) => name.startsWith('10s-') && name.endsWith('.db'))).toHaveLength(40)
  })

  it('refuses a window that does not start where one can', async () => {
    const store = await openMetricStore({ dir: join(dir, 'unaligned') })
    await expect(store.upsert([point(T0 + 1)])).rejects.toThrow(RangeError)
    await expect(store.load([point(T0, 1, 20_000)])).rejects.toThrow(RangeError)
    await store.close()
  })

  it('names the damaged file', async () => {
    const at = join(dir, 'damaged')
    const store = await openMetricStore({ dir: at })
    await writeFile(join(at, '10s-2015-05-20.db'), 'this is not a database, however long it may be'.repeat(100))
    await expect(store.upsert([point(T0)])).rejects.toMatchObject({
      code: 'WEIR_STORE_CORRUPT',
      message: expect.stringContaining('10s-2015-05-20.db'),
    })
    await store.close()
    await writeFile(join(at, 'series.db'), 'this is not a database, however long it may be'.repeat(100))
    await expect(openMetricStore({ dir: at })).rejects.toMatchObject({
      code: 'WEIR_STORE_CORRUPT',
      message: expect.stringContaining('series.db'),
    })
  })

  it('refuses a directory that can not be made', async () => {
    await writeFile(join(dir, 'a-file'), '')
    const refused = openMetricStore({ dir: join(dir, 'a-file', 'metrics') })
    await expect(refused).rejects.toMatchObject({ code: 'WEIR_DATA_DIR_UNUSABLE' })
  })
})

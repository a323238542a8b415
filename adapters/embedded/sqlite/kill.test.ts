import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLogStore } from '../log-store/log-store.ts'
import { openMetricStore } from '../metric-store/metric-store.ts'

const T0 = Date.UTC(2026, 4, 20)
const KILLS = 4

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'weir-kill-'))
})
afterAll(() => rm(dir, { recursive: true }))

it('keeps what it acknowledged through kill -9, and has nothing twice after a replay', {
  timeout: 60_000,
}, async () => {
  let acknowledged = 0
  for (let kill = 0; kill < KILLS; kill++) {
    // A consumer that lost its commits starts again some batches back.
    acknowledged = Math.max(acknowledged, await writeUntilKilled(Math.max(0, acknowledged - 120), acknowledged + 500))
    const logs = await openLogStore({ dir, readOnly: true })
    const found = new Set<string>()
    let lines = 0
    let cursor: string | undefined
    do {
      const page = await logs.search({
        fromMs: 0,
        toMs: T0 * 2,
        terms: [],
        services: ['child'],
        minSeverityNumber: 0,
        limit: 1_000,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const { record } of page.logs) found.add(record.body)
      lines += page.logs.length
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(found.size).toBe(lines)
    expect(await logs.count()).toBe(lines)
    for (let offset = 0; offset < acknowledged; offset++) expect(found.has(`line ${offset}`)).toBe(true)
    await logs.close()

    const metrics = await openMetricStore({ dir, readOnly: true })
    const last = Array.from({ length: 100 }, (_, i) => acknowledged - 1 - i)
    const points = await metrics.load(
      last.map((offset) => ({
        series: { metric: 'm', labels: { n: String(offset % 20) } },
        resolutionMs: 10_000,
        startMs: T0 + (offset % 5_000) * 10_000,
      })),
    )
    points.forEach((point, i) => {
      expect(point?.source.offset).toBeGreaterThanOrEqual(last[i]!)
    })
    await metrics.close()
  }
  expect(acknowledged).toBeGreaterThanOrEqual(KILLS * 500)
})

/** @returns the offset up to which the child said that all is stored */
async function writeUntilKilled(firstOffset: number, goal: number): Promise<number> {
  const script = join(import.meta.dirname, 'store-writer-child.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, dir, String(firstOffset)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let acknowledged = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    if (acknowledged >= goal) child.kill('SIGKILL')
  }
  await exited
  return acknowledged
}

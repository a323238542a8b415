import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WeirProcess } from '@weir/cli/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pipeline, totalCount } from './metric-query.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!()
})

function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-lifecycle-'))
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function started(options: Parameters<typeof WeirProcess.start>[0]): Promise<WeirProcess> {
  const weir = await WeirProcess.start(options)
  cleanups.push(() => weir.stop())
  return weir
}

async function sendLines(weir: WeirProcess, count: number): Promise<void> {
  const body = Array.from({ length: count }, (_, i) => JSON.stringify({ level: 'info', message: `line ${i}` })).join(
    '\n',
  )
  const headers = { 'content-type': 'application/x-ndjson' }
  const response = await fetch(`${weir.ingestUrl}/ingest/app`, { method: 'POST', headers, body })
  expect(await response.json()).toMatchObject({ accepted: count, rejected: 0 })
}

describe('weir start', () => {
  it('serves the page, stops within 5 s on Ctrl-C, and goes on with its data', async () => {
    const dataDir = temporaryDir()
    const first = await started({ dataDir })
    expect(await (await fetch(first.url)).text()).toContain('<title>Weir')
    await sendLines(first, 500)
    const stoppingMs = Date.now()
    expect(await first.signal('SIGINT')).toBe(0)
    expect(Date.now() - stoppingMs).toBeLessThan(5_000)

    const second = await started({ dataDir })
    await vi.waitFor(async () => expect(await totalCount(second, 'logs.count')).toBe(500), 20_000)
    await sendLines(second, 100)
    await vi.waitFor(async () => expect(await totalCount(second, 'logs.count')).toBe(600), 20_000)
    await vi.waitFor(
      async () => expect((await pipeline(second)).totals).toMatchObject({ in: 600, stored: 600, inFlight: 0 }),
      20_000,
    )
  })

  it('keeps and counts once every line that it acknowledged before a kill -9', async () => {
    const dataDir = temporaryDir()
    let acknowledged = 0
    for (let round = 0; round < 3; round++) {
      const weir = await started({ dataDir })
      for (let i = 0; i < 5; i++) {
        await sendLines(weir, 200)
        acknowledged += 200
      }
      await weir.signal('SIGKILL')
    }
    const weir = await started({ dataDir })
    await vi.waitFor(async () => expect((await pipeline(weir)).totals.stored).toBe(acknowledged), 30_000)
    await vi.waitFor(async () => expect(await totalCount(weir, 'logs.count')).toBe(acknowledged), 30_000)
    const { totals } = await pipeline(weir)
    expect(totals).toEqual({ in: acknowledged, stored: acknowledged, deadLettered: 0, dropped: 0, inFlight: 0 })
  })

  it('says in one sentence that a port is in use, and which setting moves it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    cleanups.push(() => taken.close())
    await vi.waitFor(() => expect(taken.listening).toBe(true))
    const { port } = taken.address() as { port: number }
    for (const name of ['WEIR_PORT', 'WEIR_INGEST_PORT', 'WEIR_FORWARD_PORT']) {
      const weir = await WeirProcess.spawn({ env: { [name]: String(port) } })
      cleanups.push(() => weir.stop())
      expect(await weir.exited()).toBe(1)
      expect(weir.output.trim().split('\n').at(-1)).toMatch(new RegExp(`^weir: .*${port}.*${name}`))
      expect(weir.output).not.toContain('    at ')
    }
  })

  it('refuses a data directory that it can not write', async () => {
    const file = join(temporaryDir(), 'a-file')
    writeFileSync(file, '')
    const weir = await WeirProcess.spawn({ dataDir: join(file, 'data') })
    expect(await weir.exited()).toBe(1)
    expect(weir.output.trim()).toMatch(/^weir: The data directory .*a-file\/data can not be written .*WEIR_DATA_DIR\.$/)
  })

  it('refuses a data directory that another Weir uses', async () => {
    const dataDir = temporaryDir()
    await started({ dataDir })
    const second = await WeirProcess.spawn({ dataDir })
    expect(await second.exited()).toBe(1)
    expect(second.output.trim()).toMatch(/^weir: Another Weir uses the data directory /)
  })

  it('refuses a corrupt configuration file, with its line', async () => {
    const file = join(temporaryDir(), 'weir.yaml')
    writeFileSync(file, 'api: [\n')
    const weir = await WeirProcess.spawn({ dataDir: temporaryDir(), env: { WEIR_CONFIG: file } })
    expect(await weir.exited()).toBe(1)
    expect(weir.output.trim()).toMatch(/^weir: The configuration can not be used: .*line 2, column 1/)
  })
})

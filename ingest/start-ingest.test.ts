import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBroker } from '@weir/adapters/embedded'
import { TOPICS } from '@weir/core'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { type IngestOptions, startIngest } from './start-ingest.ts'
import { runIngest } from './testing/running-ingest.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function takenPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as { port: number }).port
}

async function optionsWith(change: Partial<IngestOptions>): Promise<IngestOptions> {
  const dir = await mkdtemp(join(tmpdir(), 'weir-ingest-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const broker = openBroker({ dir })
  cleanups.push(() => broker.close())
  await broker.ensureTopic({ topic: TOPICS.logs, partitions: 1 })
  await broker.ensureTopic({ topic: TOPICS.logsDeadLetter, partitions: 1 })
  const free = { host: '127.0.0.1', port: 0 }
  const logger = pino({ level: 'silent' })
  return { broker, clock: { now: () => 0 }, http: free, forward: free, logger, registry: new Registry(), ...change }
}

describe('startIngest', () => {
  it.each([
    ['http', 'WEIR_INGEST_PORT'],
    ['forward', 'WEIR_FORWARD_PORT'],
  ] as const)(
    'names the address and the setting when the port of %s is taken, and lets go of the other',
    async (listener, setting) => {
      const port = await takenPort()
      const options = await optionsWith({ [listener]: { host: '127.0.0.1', port } })
      const failure = startIngest(options)
      await expect(failure).rejects.toMatchObject({ code: 'WEIR_PORT_IN_USE' })
      await expect(failure).rejects.toThrow(`127.0.0.1:${port}`)
      await expect(failure).rejects.toThrow(setting)
      // Nothing of the failed start is left: the broker has no open client and can close.
      await options.broker.close()
    },
  )

  it('names the setting when the host is none of this machine', async () => {
    const failure = startIngest(await optionsWith({ http: { host: '192.0.2.1', port: 0 } }))
    await expect(failure).rejects.toMatchObject({ code: 'WEIR_CONFIG_INVALID' })
  })

  it('stops twice as once, and answers nobody after', async () => {
    const ingest = await runIngest()
    cleanups.push(() => ingest.stop())
    expect(ingest.role.status()).toMatchObject({ role: 'ingest', state: 'running' })
    await Promise.all([ingest.role.stop(), ingest.role.stop()])
    expect(ingest.role.status().state).toBe('stopped')
    await expect(fetch(`${ingest.role.httpUrl}/health`)).rejects.toThrow('fetch failed')
  })
})

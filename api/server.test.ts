import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startApi } from './server.ts'
import { MemoryWeir } from './testing/memory-weir.ts'

async function start(port = 0, host = '127.0.0.1') {
  const weir = new MemoryWeir()
  const api = await startApi(Object.assign(weir, { host, port }))
  onTestFinished(() => api.stop())
  return { api, weir }
}

describe('startApi', () => {
  it('listens, answers, and is a role', async () => {
    const { api } = await start()
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const response = await fetch(`${api.url}/health`)
    expect(response.status).toBe(200)
    expect(api.name).toBe('api')
    expect(api.status()).toMatchObject({ role: 'api', state: 'running', counters: { queries: 0, live_connections: 0 } })
  })

  it('stops twice, once, and answers no more', async () => {
    const { api } = await start()
    await Promise.all([api.stop(), api.stop()])
    expect(api.status().state).toBe('stopped')
    await expect(fetch(`${api.url}/health`)).rejects.toThrow()
  })

  it('stops soon though a browser holds a connection on which it never asked', async () => {
    const { api } = await start()
    const spare = connect(Number(new URL(api.url).port), '127.0.0.1')
    await once(spare, 'connect')
    await fetch(`${api.url}/health`)
    const startedMs = performance.now()
    await Promise.all([api.stop(), once(spare.resume(), 'close')])
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })

  it('a port in use: names the address and the setting', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as { port: number }
    await expect(start(port)).rejects.toMatchObject({
      code: 'WEIR_PORT_IN_USE',
      message: `Another program listens on 127.0.0.1:${port}; end it, or set WEIR_PORT to a free port.`,
    })
  })

  it('an address that is not of this machine is a configuration error', async () => {
    await expect(start(0, '192.0.2.1')).rejects.toMatchObject({ code: 'WEIR_CONFIG_INVALID', message: /192\.0\.2\.1/ })
  })
})

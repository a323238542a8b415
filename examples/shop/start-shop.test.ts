import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PRODUCTS } from './catalogue.ts'
import { type RunningShop, setIncident, startShop } from './index.ts'
import { ForwardReceiver } from './testing/forward-receiver.ts'

const logger = pino({ level: 'silent' })
const host = '127.0.0.1'

describe('startShop', () => {
  let receiver: ForwardReceiver
  let shop: RunningShop | undefined

  beforeEach(async () => {
    receiver = await ForwardReceiver.listen()
  })

  afterEach(async () => {
    await shop?.stop()
    shop = undefined
    await receiver.close()
  })

  const start = async (requestsPerSecond: number) => {
    shop = await startShop({ port: 0, host, fluent: { host, port: receiver.port }, requestsPerSecond, seed: 5, logger })
    return shop
  }

  it('logs an order over Forward, under one trace in all its services', async () => {
    const { url } = await start(0)
    const response = await fetch(`${url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ customer: 'cus_0001', items: [{ sku: PRODUCTS[0]!.sku, quantity: 2 }] }),
    })
    const traceId = response.headers.get('x-trace-id')
    const size = Buffer.byteLength(await response.text())
    const lines = await vi.waitFor(() => {
      const traced = receiver.lines.filter((line) => line.record.trace_id === traceId)
      expect(new Set(traced.map((line) => line.tag))).toEqual(
        new Set(['shop-api', 'checkout', 'payments', 'inventory']),
      )
      return traced
    })
    expect(new Set(lines.map((line) => line.record.span_id)).size).toBe(4)
    for (const { tag, record } of lines) expect(record['service.name']).toBe(tag)
    const access = lines.find((line) => line.tag === 'shop-api')!.record
    expect(access).toMatchObject({
      'service.version': '0.1.0',
      'host.name': expect.stringMatching(/./),
      severity: 'INFO',
      message: expect.stringMatching(/^POST \/api\/orders 201 in \d+ ms, order ord_\w{8}, 1 item$/),
      'http.request.method': 'POST',
      'http.route': '/api/orders',
      'url.path': '/api/orders',
      'http.response.status_code': 201,
      'http.response.body.size': size,
      duration_ms: expect.any(Number),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      'customer.id': 'cus_0001',
      'order.id': expect.stringMatching(/^ord_\w{8}$/),
    })
  })

  it('gives its customers a choice of routes and its log all severities but error by itself', async () => {
    await start(150)
    await vi.waitFor(() => {
      const access = receiver.lines.filter((line) => line.record['http.request.method'] !== undefined)
      const routes = new Set(access.map((line) => line.record['http.route']))
      expect([...routes]).toEqual(
        expect.arrayContaining(['/api/products', '/api/products/:id', '/api/orders', '/api/cart/:customer']),
      )
      const severities = receiver.lines.map((line) => line.record.severity)
      expect(severities).toEqual(expect.arrayContaining(['DEBUG', 'INFO', 'WARN']))
    }, 10_000)
  })

  it('falls silent for the silence incident, and goes on after it', async () => {
    const { url } = await start(100)
    await vi.waitFor(() => expect(receiver.lines.length).toBeGreaterThan(50), 5_000)
    await setIncident(url, 'silence', 60_000)
    let seen = -1
    await vi.waitUntil(
      () => {
        const before = seen
        seen = receiver.lines.length
        return seen === before
      },
      { timeout: 5_000, interval: 800 },
    )
    await setIncident(url, 'none', 1_000)
    await vi.waitFor(() => expect(receiver.lines.length).toBeGreaterThan(seen + 50), 5_000)
  })

  it('stops within two seconds, with slow orders under way, and delivers their lines', async () => {
    const { url, stop } = await start(100)
    await setIncident(url, 'latency', 60_000)
    await vi.waitFor(() => expect(receiver.lines.some((line) => line.tag === 'checkout')).toBe(true), 5_000)
    const startMs = performance.now()
    await stop()
    expect(performance.now() - startMs).toBeLessThan(2_000)
    const messages = receiver.lines.map((line) => String(line.record.message))
    const reserved = messages.filter((message) => message.startsWith('reserved ')).length
    const ended = messages.filter((message) => /^order \w+ (confirmed|cancelled)/.test(message)).length
    expect(ended).toBe(reserved)
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })

  it('says that its port is taken', async () => {
    const { url } = await start(0)
    const port = Number(new URL(url).port)
    const second = startShop({ port, host, fluent: { host, port: receiver.port }, requestsPerSecond: 0, logger })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('setIncident', () => {
  it('says that no shop answers', async () => {
    await expect(setIncident('http://127.0.0.1:1', 'latency', 5_000)).rejects.toThrow(
      'No shop answers at http://127.0.0.1:1.',
    )
  })

  it("passes the shop's refusal on", async () => {
    const receiver = await ForwardReceiver.listen()
    const fluent = { host, port: receiver.port }
    const shop = await startShop({ port: 0, host, fluent, requestsPerSecond: 0, logger })
    await expect(setIncident(shop.url, 'latency', 5)).rejects.toThrow(/answered 400: durationMs must be a whole number/)
    await shop.stop()
    await receiver.close()
  })
})

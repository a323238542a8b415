import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { ForwardOutbox } from './forward-outbox.ts'
import { createShop } from './shop.ts'
import { freePort } from './testing/forward-receiver.ts'

describe('the shop over HTTP', () => {
  let outbox: ForwardOutbox
  let app: ReturnType<typeof buildApp>

  beforeEach(async () => {
    outbox = new ForwardOutbox({ host: '127.0.0.1', port: await freePort() }, pino({ level: 'silent' }))
    const stopping = new AbortController().signal
    app = buildApp(createShop({ outbox, seed: 1, unitsPerProduct: 5, stopping }))
    app.get('/defect', () => {
      throw new Error('secret of the inside')
    })
  })

  afterEach(async () => {
    await app.close()
    await outbox.close(0)
  })

  it.each([
    ['a product with its stock', '/api/products/tea-assam', 200, { sku: 'tea-assam', available: 5 }],
    ['404 for a product it does not have', '/api/products/gold', 404, { code: 'SHOP_PRODUCT_UNKNOWN' }],
    ['404 for an order it does not know', '/api/orders/ord_00000000', 404, { code: 'SHOP_ORDER_UNKNOWN' }],
    ['400 for a customer with a space', '/api/cart/a%20b', 400, { code: 'FST_ERR_VALIDATION' }],
    ['404 for a path it does not have', '/favicon.ico', 404, { code: 'SHOP_NOT_FOUND' }],
    ['the incident under way', '/admin/incident', 200, { kind: 'none' }],
    ['its health with the state of its logs', '/health', 200, { status: 'ok', logs: { pending: 0, dropped: 0 } }],
  ])('answers %s', async (_sentence, url, status, body) => {
    const response = await app.inject({ url })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject(body)
  })

  it('keeps a defect to its log, and names the trace that finds it there', async () => {
    const response = await app.inject({ url: '/defect' })
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain('secret')
    expect(response.json().message).toContain(response.headers['x-trace-id'])
    expect(outbox.counts().pending).toBe(2)
  })

  it('refuses a body that is no JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    const response = await app.inject({ method: 'POST', url: '/admin/incident', headers, body: '{"kind":' })
    expect(response.statusCode).toBe(400)
    expect(response.json().message).toMatch(/JSON/)
  })
})

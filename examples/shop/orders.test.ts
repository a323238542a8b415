import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { PRODUCTS } from './catalogue.ts'
import { ForwardOutbox } from './forward-outbox.ts'
import type { OrderLine } from './inventory.ts'
import { createShop, type Shop } from './shop.ts'
import { freePort } from './testing/forward-receiver.ts'

const SKU = PRODUCTS[0]!.sku
const OTHER_SKU = PRODUCTS[1]!.sku

interface OpenShop {
  readonly shop: Shop
  readonly url: string
  /** The lowest stock of any product that any answer saw. */
  lowest(): number
}

interface Answer {
  readonly status: number
  readonly body: { code?: string; message?: string; id?: string; status?: string }
  readonly durationMs: number
}

describe('orders', () => {
  let close: (() => Promise<void>) | undefined

  afterEach(async () => {
    await close?.()
    close = undefined
  })

  async function openShop(unitsPerProduct: number): Promise<OpenShop> {
    const outbox = new ForwardOutbox({ host: '127.0.0.1', port: await freePort() }, pino({ level: 'silent' }))
    const shop = createShop({ outbox, seed: 11, unitsPerProduct, stopping: new AbortController().signal })
    const app = buildApp(shop)
    let lowest = unitsPerProduct
    app.addHook('onSend', async () => {
      for (const { sku } of PRODUCTS) lowest = Math.min(lowest, shop.inventory.level(sku).available)
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    close = async () => {
      await app.close()
      await outbox.close(0)
    }
    return { shop, url, lowest: () => lowest }
  }

  it('keeps every unit accounted for under 200 concurrent orders with failing payments', async () => {
    const { shop, url, lowest } = await openShop(200)
    shop.incidents.set({ kind: 'errors', durationMs: 60_000 })
    const quantities = Array.from({ length: 200 }, (_, index) => 1 + (index % 3))

    const answers = await Promise.all(quantities.map((quantity) => order(url, [{ sku: SKU, quantity }])))

    const statuses = new Set(answers.map((answer) => answer.status))
    expect(statuses).toContain(201)
    expect(statuses).toContain(409)
    expect(statuses).toContain(503)
    expect([201, 402, 409, 503]).toEqual(expect.arrayContaining([...statuses]))
    const sold = quantities.reduce((sum, quantity, i) => sum + (answers[i]!.status === 201 ? quantity : 0), 0)
    expect(lowest()).toBeGreaterThanOrEqual(0)
    expect(lowest()).toBeLessThan(3)
    expect(shop.inventory.level(SKU)).toEqual({ received: 200, available: 200 - sold, reserved: 0, sold })
  })

  it('gives the stock back and cancels the order when the payment fails', async () => {
    const { shop, url } = await openShop(1_000)
    shop.incidents.set({ kind: 'errors', durationMs: 60_000 })
    const lines = [
      { sku: SKU, quantity: 2 },
      { sku: OTHER_SKU, quantity: 1 },
    ]
    const answers = await Promise.all(Array.from({ length: 100 }, () => order(url, lines)))

    const failed = answers.filter((answer) => answer.status === 503)
    const confirmed = answers.filter((answer) => answer.status === 201)
    expect(failed[0]?.body).toEqual({
      code: 'SHOP_PAYMENT_FAILED',
      message: 'The payment provider gave no answer; nothing was charged.',
    })
    for (const { body } of confirmed) {
      expect(await (await fetch(`${url}/api/orders/${body.id}`)).json()).toMatchObject({ status: 'confirmed' })
    }
    const sold = { reserved: 0, sold: 2 * confirmed.length, available: 1_000 - 2 * confirmed.length }
    expect(shop.inventory.level(SKU)).toMatchObject(sold)
    expect(shop.inventory.level(OTHER_SKU)).toMatchObject({ reserved: 0, sold: confirmed.length })
  })

  it('reserves all lines or none', async () => {
    const { shop, url } = await openShop(5)
    const lines = [
      { sku: SKU, quantity: 1 },
      { sku: OTHER_SKU, quantity: 6 },
    ]
    const answer = await order(url, lines)
    expect(answer.status).toBe(409)
    expect(answer.body.message).toBe(`Only 5 of ${OTHER_SKU} are left; 6 were ordered.`)
    expect(shop.inventory.level(SKU)).toEqual({ received: 5, available: 5, reserved: 0, sold: 0 })
  })

  it('counts two lines of one product together', async () => {
    const { url } = await openShop(5)
    const twice = { sku: SKU, quantity: 3 }
    expect((await order(url, [twice, twice])).status).toBe(409)
  })

  it.each([
    ['an order of nothing', { customer: 'c', items: [] }, 400, /items must NOT have fewer than 1/],
    ['a quantity of zero', { customer: 'c', items: [{ sku: SKU, quantity: 0 }] }, 400, /quantity must be >= 1/],
    ['a quantity in text', { customer: 'c', items: [{ sku: SKU, quantity: '1' }] }, 400, /quantity must be integer/],
    ['no customer', { items: [{ sku: SKU, quantity: 1 }] }, 400, /required property 'customer'/],
    ['an unknown product', { customer: 'c', items: [{ sku: 'gold', quantity: 1 }] }, 422, /no product gold/],
  ])('refuses %s', async (_sentence, body, status, message) => {
    const { url } = await openShop(5)
    const answer = await post(`${url}/api/orders`, body)
    expect(answer.status).toBe(status)
    expect(answer.body.message).toMatch(message)
  })

  it('takes about eight times as long under the latency incident', async () => {
    const { shop, url } = await openShop(1_000)
    const calmMs = await p95OfOrders(url, 80)
    shop.incidents.set({ kind: 'latency', durationMs: 60_000 })
    const slowMs = await p95OfOrders(url, 80)
    expect(slowMs).toBeGreaterThan(300)
    expect(slowMs / calmMs).toBeGreaterThan(3)
  })

  it('answers about one order in eight with 5xx under the errors incident, and hardly any without', async () => {
    const { shop, url } = await openShop(1_000)
    const failures = async () => {
      const answers = await Promise.all(Array.from({ length: 300 }, () => order(url, [{ sku: SKU, quantity: 1 }])))
      return answers.filter((answer) => answer.status >= 500).length
    }
    expect(await failures()).toBeLessThan(9)
    shop.incidents.set({ kind: 'errors', durationMs: 60_000 })
    const failed = await failures()
    expect(failed).toBeGreaterThan(14)
    expect(failed).toBeLessThan(62)
  })

  it('refuses an incident it does not know with 400, and names those there are', async () => {
    const { url } = await openShop(5)
    const answer = await post(`${url}/admin/incident`, { kind: 'fire' })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      code: 'SHOP_INCIDENT_INVALID',
      message: 'kind must be one of none, latency, errors, silence; it is "fire".',
    })
  })

  it('keeps a cart until the order', async () => {
    const { url } = await openShop(5)
    const cart = `${url}/api/cart/cus_1`
    const items = [{ sku: SKU, quantity: 1 }]
    await fetch(cart, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [...items, ...items] }),
    })
    expect(await (await fetch(cart)).json()).toEqual({ customer: 'cus_1', items: [{ sku: SKU, quantity: 2 }] })

    expect((await order(url, [{ sku: SKU, quantity: 2 }])).status).toBe(201)
    expect(await (await fetch(cart)).json()).toEqual({ customer: 'cus_1', items: [] })
  })
})

async function p95OfOrders(url: string, count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, () => order(url, [{ sku: SKU, quantity: 1 }])))
  const durations = answers.map((answer) => answer.durationMs).sort((a, b) => a - b)
  return durations[Math.floor(count * 0.95)]!
}

function order(url: string, items: readonly OrderLine[]): Promise<Answer> {
  return post(`${url}/api/orders`, { customer: 'cus_1', items })
}

async function post(url: string, body: unknown): Promise<Answer> {
  const startMs = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Answer['body']
  return { status: response.status, body: answer, durationMs: performance.now() - startMs }
}

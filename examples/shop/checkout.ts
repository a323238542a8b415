import { randomBytes } from 'node:crypto'
import type { Catalogue } from './catalogue.ts'
import { countUnits, type Inventory, type OrderLine, type Reservation } from './inventory.ts'
import { formatEuros, type PaymentOutcome, type Payments } from './payments.ts'
import { RecentMap } from './recent-map.ts'
import type { ServiceLog } from './service-log.ts'
import { ShopError } from './shop-error.ts'
import { childSpan, type TraceContext } from './trace.ts'

const MAX_KEPT_ORDERS = 10_000

export interface Order {
  readonly id: string
  readonly customerId: string
  readonly lines: readonly OrderLine[]
  readonly totalCents: number
  readonly status: 'pending' | 'confirmed' | 'cancelled'
}

/** Takes orders: reserve the stock, charge the customer, then sell; or give the stock back if the charge did not succeed. */
export class Checkout {
  readonly #catalogue: Catalogue
  readonly #inventory: Inventory
  readonly #payments: Payments
  readonly #log: ServiceLog
  readonly #orders = new RecentMap<string, Order>(MAX_KEPT_ORDERS)

  constructor(catalogue: Catalogue, inventory: Inventory, payments: Payments, log: ServiceLog) {
    this.#catalogue = catalogue
    this.#inventory = inventory
    this.#payments = payments
    this.#log = log
  }

  /** One of the last 10,000 orders. */
  order(id: string): Order | undefined {
    return this.#orders.get(id)
  }

  /** An order with its prices, not yet known to the shop. @throws {ShopError} SHOP_PRODUCT_UNKNOWN (422) */
  draft(customerId: string, items: readonly OrderLine[]): Order {
    const lines = mergeLines(items)
    const totalCents = lines.reduce((sum, { sku, quantity }) => sum + this.#price(sku) * quantity, 0)
    return { id: newOrderId(), customerId, lines, totalCents, status: 'pending' }
  }

  /**
   * Carries the order to its end.
   *
   * @returns the confirmed order
   * @throws {ShopError} SHOP_OUT_OF_STOCK (409), SHOP_PAYMENT_DECLINED (402) or SHOP_PAYMENT_FAILED (503); the order is
   *   cancelled then and holds no stock
   */
  async place(order: Order, parent: TraceContext): Promise<Order> {
    const trace = childSpan(parent)
    const log = this.#log.within(trace)
    const startMs = performance.now()
    const facts = { 'order.id': order.id, 'customer.id': order.customerId, 'order.total_cents': order.totalCents }
    this.#orders.set(order.id, order)
    try {
      const reservation = await this.#inventory.reserve(order.id, order.lines, trace)
      await this.#settle(order, reservation, trace)
    } catch (error) {
      this.#orders.set(order.id, { ...order, status: 'cancelled' })
      if (error instanceof ShopError) {
        const severity = error.statusCode >= 500 ? 'ERROR' : 'WARN'
        log.write(severity, `order ${order.id} cancelled: ${error.message}`, { ...facts, 'error.type': error.code })
      }
      throw error
    }
    const confirmed: Order = { ...order, status: 'confirmed' }
    this.#orders.set(order.id, confirmed)
    const durationMs = Math.round(performance.now() - startMs)
    const units = countUnits(order.lines)
    log.info(`order ${order.id} confirmed: ${units} units for ${formatEuros(order.totalCents)}`, {
      ...facts,
      'order.units': units,
      duration_ms: durationMs,
    })
    return confirmed
  }

  /** Sells the reserved units if the charge succeeds; whatever else happens gives them back. */
  async #settle(order: Order, reservation: Reservation, trace: TraceContext): Promise<void> {
    const { id: orderId, customerId, totalCents: amountCents } = order
    let outcome: PaymentOutcome = 'failed'
    try {
      outcome = await this.#payments.charge({ orderId, customerId, amountCents }, trace)
    } finally {
      if (outcome === 'approved') this.#inventory.sell(reservation)
      else this.#inventory.release(reservation)
    }
    if (outcome !== 'approved') throw paymentRefusal(order, outcome)
  }

  #price(sku: string): number {
    const priceCents = this.#catalogue.price(sku)
    if (priceCents === undefined) throw new ShopError(422, 'SHOP_PRODUCT_UNKNOWN', `There is no product ${sku}.`)
    return priceCents
  }
}

const ID_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 62^8 of them, so that the orders of years do not meet. */
function newOrderId(): string {
  return `ord_${Array.from(randomBytes(8), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('')}`
}

/** Lines of the same product become one. */
export function mergeLines(items: readonly OrderLine[]): readonly OrderLine[] {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }))
}

function paymentRefusal(order: Order, outcome: Exclude<PaymentOutcome, 'approved'>): ShopError {
  if (outcome === 'declined') {
    return new ShopError(402, 'SHOP_PAYMENT_DECLINED', `The payment of ${formatEuros(order.totalCents)} was declined.`)
  }
  return new ShopError(503, 'SHOP_PAYMENT_FAILED', 'The payment provider gave no answer; nothing was charged.')
}

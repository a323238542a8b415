import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { ServiceLog } from './service-log.ts'
import { ShopError } from './shop-error.ts'
import { childSpan, type TraceContext } from './trace.ts'

export interface OrderLine {
  readonly sku: string
  /** > 0 */
  readonly quantity: number
}

/** Units of one product. At every moment `received = available + reserved + sold`, and none is below zero. */
export interface StockLevel {
  readonly received: number
  readonly available: number
  readonly reserved: number
  readonly sold: number
}

interface StockRow {
  received: number
  available: number
  reserved: number
  sold: number
}

/** Units held back for one order until it is paid (`sell`) or cancelled (`release`); either happens once. */
export interface Reservation {
  readonly orderId: string
  readonly lines: readonly OrderLine[]
  readonly trace: TraceContext
}

/** The stock of every product. A product is low below a third of what it started with. */
export class Inventory {
  readonly #random: Random
  readonly #log: ServiceLog
  readonly #rows: Map<string, StockRow>
  readonly #open = new Set<Reservation>()
  readonly #unitsPerProduct: number
  readonly reorderLevel: number

  constructor(skus: readonly string[], unitsPerProduct: number, random: Random, log: ServiceLog) {
    this.#random = random
    this.#log = log
    this.#unitsPerProduct = unitsPerProduct
    this.reorderLevel = Math.floor(unitsPerProduct / 3)
    const row = () => ({ received: unitsPerProduct, available: unitsPerProduct, reserved: 0, sold: 0 })
    this.#rows = new Map(skus.map((sku) => [sku, row()]))
  }

  /** @throws {ShopError} SHOP_PRODUCT_UNKNOWN */
  level(sku: string): StockLevel {
    return { ...this.#row(sku) }
  }

  /** Products below the reorder level, with the units that would fill them up. */
  shortages(): readonly OrderLine[] {
    return [...this.#rows]
      .filter(([, row]) => row.available < this.reorderLevel)
      .map(([sku, row]) => ({ sku, quantity: this.#unitsPerProduct - row.available }))
  }

  /**
   * Reserves all lines or none.
   *
   * @param lines each sku once
   * @throws {ShopError} SHOP_OUT_OF_STOCK (409) or SHOP_PRODUCT_UNKNOWN (422); nothing is reserved then
   */
  async reserve(orderId: string, lines: readonly OrderLine[], parent: TraceContext): Promise<Reservation> {
    const trace = childSpan(parent)
    const log = this.#log.within(trace)
    await delay(this.#random.logNormal(4, 0.4))
    // From here to the last decrement nothing is awaited: no other order can slip in between the check and the taking.
    for (const { sku, quantity } of lines) {
      const { available } = this.#row(sku)
      if (available >= quantity) continue
      log.warn(`out of stock: ${sku} has ${available} left, order ${orderId} asks for ${quantity}`, {
        'order.id': orderId,
        'product.sku': sku,
        'stock.available': available,
      })
      throw new ShopError(409, 'SHOP_OUT_OF_STOCK', `Only ${available} of ${sku} are left; ${quantity} were ordered.`)
    }
    for (const { sku, quantity } of lines) this.#take(sku, quantity, log)
    const reservation = { orderId, lines, trace }
    this.#open.add(reservation)
    log.debug(`reserved ${countUnits(lines)} units of ${lines.length} products for order ${orderId}`, {
      'order.id': orderId,
      'order.units': countUnits(lines),
    })
    return reservation
  }

  /** The order is paid: its units have left the shop. */
  sell(reservation: Reservation): void {
    this.#settle(reservation, (row, quantity) => {
      row.sold += quantity
    })
  }

  /** The order is cancelled: its units can be bought again. */
  release(reservation: Reservation): void {
    this.#settle(reservation, (row, quantity) => {
      row.available += quantity
    })
    const { orderId, lines, trace } = reservation
    this.#log.within(trace).info(`released ${countUnits(lines)} units of cancelled order ${orderId}`, {
      'order.id': orderId,
      'order.units': countUnits(lines),
    })
  }

  /** A delivery arrived. */
  receive(sku: string, units: number): void {
    const row = this.#row(sku)
    row.received += units
    row.available += units
    this.#log.info(`restocked ${sku} with ${units} units, ${row.available} available`, {
      'product.sku': sku,
      'stock.received': units,
      'stock.available': row.available,
    })
  }

  #take(sku: string, quantity: number, log: ServiceLog): void {
    const row = this.#row(sku)
    const wasLow = row.available < this.reorderLevel
    row.available -= quantity
    row.reserved += quantity
    if (wasLow || row.available >= this.reorderLevel) return
    log.warn(`stock of ${sku} is low: ${row.available} left, reorder level ${this.reorderLevel}`, {
      'product.sku': sku,
      'stock.available': row.available,
    })
  }

  #settle(reservation: Reservation, move: (row: StockRow, quantity: number) => void): void {
    if (!this.#open.delete(reservation)) {
      throw new Error(`The reservation of order ${reservation.orderId} was settled before.`)
    }
    for (const { sku, quantity } of reservation.lines) {
      const row = this.#row(sku)
      row.reserved -= quantity
      move(row, quantity)
    }
  }

  #row(sku: string): StockRow {
    const row = this.#rows.get(sku)
    if (!row) throw new ShopError(422, 'SHOP_PRODUCT_UNKNOWN', `There is no product ${sku}.`)
    return row
  }
}

export function countUnits(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0)
}

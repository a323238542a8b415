import type { Inventory } from './inventory.ts'
import type { Random } from './random.ts'

const CHECK_INTERVAL_MS = 2_000
const DELIVERY_MEDIAN_MS = 5_000
const LATE_SHARE = 0.02
const LATE_FACTOR = 8

interface Delivery {
  readonly units: number
  readonly dueAtMs: number
}

/** Orders what runs low and delivers it a few seconds later; one delivery in fifty is late, so that stock can run out. */
export class Supplier {
  readonly #inventory: Inventory
  readonly #random: Random
  readonly #underWay = new Map<string, Delivery>()
  #timer: NodeJS.Timeout | undefined

  constructor(inventory: Inventory, random: Random) {
    this.#inventory = inventory
    this.#random = random
  }

  start(): void {
    this.#timer = setInterval(() => this.visit(Date.now()), CHECK_INTERVAL_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Hands over what is due and takes new orders. */
  visit(nowMs: number): void {
    for (const [sku, { units, dueAtMs }] of this.#underWay) {
      if (dueAtMs > nowMs) continue
      this.#underWay.delete(sku)
      this.#inventory.receive(sku, units)
    }
    for (const { sku, quantity } of this.#inventory.shortages()) {
      if (this.#underWay.has(sku)) continue
      const lateness = this.#random.chance(LATE_SHARE) ? LATE_FACTOR : 1
      const dueAtMs = nowMs + this.#random.logNormal(DELIVERY_MEDIAN_MS, 0.3) * lateness
      this.#underWay.set(sku, { units: quantity, dueAtMs })
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { mergeLines } from './checkout.ts'
import type { OrderLine } from './inventory.ts'
import type { Random } from './random.ts'
import { RecentMap } from './recent-map.ts'

const MAX_CARTS = 10_000

/** What customers have put aside: the carts of the last 10,000 who did. */
export class Carts {
  readonly #random: Random
  readonly #carts = new RecentMap<string, readonly OrderLine[]>(MAX_CARTS)

  constructor(random: Random) {
    this.#random = random
  }

  async read(customerId: string): Promise<readonly OrderLine[]> {
    await delay(this.#random.logNormal(5, 0.45))
    return this.#carts.get(customerId) ?? []
  }

  async replace(customerId: string, items: readonly OrderLine[]): Promise<readonly OrderLine[]> {
    await delay(this.#random.logNormal(7, 0.45))
    const lines = mergeLines(items)
    this.#carts.set(customerId, lines)
    return lines
  }

  clear(customerId: string): void {
    this.#carts.delete(customerId)
  }
}

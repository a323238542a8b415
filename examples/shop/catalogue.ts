import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { ServiceLog } from './service-log.ts'

export interface Product {
  readonly sku: string
  readonly name: string
  readonly priceCents: number
}

/** From the most wanted to the least; shoppers choose by this order. */
export const PRODUCTS: readonly Product[] = [
  { sku: 'mug-enamel', name: 'Enamel mug, 350 ml', priceCents: 1290 },
  { sku: 'tea-assam', name: 'Assam tea, 250 g', priceCents: 890 },
  { sku: 'coffee-house', name: 'House blend coffee, 500 g', priceCents: 1150 },
  { sku: 'notebook-a5', name: 'Notebook A5, dotted', priceCents: 750 },
  { sku: 'pen-gel-black', name: 'Gel pen, black', priceCents: 290 },
  { sku: 'towel-linen', name: 'Linen kitchen towel', priceCents: 1490 },
  { sku: 'candle-beeswax', name: 'Beeswax candle', priceCents: 1690 },
  { sku: 'bottle-steel', name: 'Steel bottle, 750 ml', priceCents: 2490 },
  { sku: 'board-oak', name: 'Oak cutting board', priceCents: 3490 },
  { sku: 'knife-paring', name: 'Paring knife', priceCents: 1990 },
  { sku: 'bag-canvas', name: 'Canvas bag', priceCents: 1590 },
  { sku: 'soap-olive', name: 'Olive soap, 3 bars', priceCents: 990 },
  { sku: 'lamp-desk', name: 'Desk lamp', priceCents: 5900 },
  { sku: 'blanket-wool', name: 'Wool blanket', priceCents: 8900 },
  { sku: 'kettle-gooseneck', name: 'Gooseneck kettle', priceCents: 6490 },
  { sku: 'grinder-hand', name: 'Hand coffee grinder', priceCents: 7990 },
  { sku: 'teapot-clay', name: 'Clay teapot', priceCents: 4290 },
  { sku: 'planter-terra', name: 'Terracotta planter', priceCents: 1890 },
  { sku: 'calendar-wall', name: 'Wall calendar', priceCents: 1390 },
  { sku: 'scissors-paper', name: 'Paper scissors', priceCents: 1190 },
  { sku: 'broom-horsehair', name: 'Horsehair broom', priceCents: 2990 },
  { sku: 'thermometer-brass', name: 'Brass thermometer', priceCents: 3290 },
  { sku: 'radio-pocket', name: 'Pocket radio', priceCents: 4990 },
  { sku: 'clock-mantel', name: 'Mantel clock', priceCents: 12900 },
]

const CACHE_TTL_MS = 20_000
const LIST_KEY = ''

/** The products, read from a (simulated) database through a cache. */
export class Catalogue {
  readonly #random: Random
  readonly #bySku: ReadonlyMap<string, Product>
  /** When each cached answer goes stale; at most one entry a product and one for the list. */
  readonly #staleAtMs = new Map<string, number>()

  constructor(random: Random, products: readonly Product[] = PRODUCTS) {
    this.#random = random
    this.#bySku = new Map(products.map((product) => [product.sku, product]))
  }

  async list(log: ServiceLog): Promise<readonly Product[]> {
    await this.#read(LIST_KEY, 'product list', 14, log)
    return [...this.#bySku.values()]
  }

  /** @returns undefined for an unknown sku */
  async find(sku: string, log: ServiceLog): Promise<Product | undefined> {
    const product = this.#bySku.get(sku)
    if (product) await this.#read(sku, `product ${sku}`, 9, log)
    else await delay(this.#random.logNormal(9, 0.4))
    return product
  }

  /** The price list that checkout holds in memory. */
  price(sku: string): number | undefined {
    return this.#bySku.get(sku)?.priceCents
  }

  async #read(key: string, subject: string, medianMs: number, log: ServiceLog): Promise<void> {
    const startMs = performance.now()
    const hit = (this.#staleAtMs.get(key) ?? 0) > Date.now()
    await delay(this.#random.logNormal(hit ? 2.5 : medianMs, 0.45))
    if (!hit) this.#staleAtMs.set(key, Date.now() + CACHE_TTL_MS)
    log.debug(`cache ${hit ? 'hit' : 'miss'} for ${subject}`, {
      'cache.hit': hit,
      'cache.key': key === LIST_KEY ? 'products' : `product:${key}`,
      duration_ms: Math.round((performance.now() - startMs) * 10) / 10,
    })
  }
}

import { Carts } from './carts.ts'
import { Catalogue, PRODUCTS } from './catalogue.ts'
import { Checkout } from './checkout.ts'
import type { ForwardOutbox } from './forward-outbox.ts'
import { Incidents } from './incidents.ts'
import { Inventory } from './inventory.ts'
import { PaymentGateway } from './payment-gateway.ts'
import { Payments } from './payments.ts'
import { createRandom } from './random.ts'
import { type LogEvent, ServiceLog } from './service-log.ts'
import { Supplier } from './supplier.ts'

/** The modules of the shop, wired together. */
export interface Shop {
  readonly outbox: ForwardOutbox
  readonly apiLog: ServiceLog
  readonly incidents: Incidents
  readonly catalogue: Catalogue
  readonly inventory: Inventory
  readonly supplier: Supplier
  readonly checkout: Checkout
  readonly carts: Carts
}

export interface ShopOptions {
  readonly outbox: ForwardOutbox
  readonly seed: number
  /** Stock of each product at the start, and what the supplier fills it up to. */
  readonly unitsPerProduct: number
  /** Aborted when the shop stops: charges under way end undecided, and their orders are cancelled. */
  readonly stopping: AbortSignal
}

export function createShop({ outbox, seed, unitsPerProduct, stopping }: ShopOptions): Shop {
  const random = createRandom(seed)
  const sink = (event: LogEvent) => outbox.push(event)
  const skus = PRODUCTS.map((product) => product.sku)

  const incidents = new Incidents()
  const catalogue = new Catalogue(random)
  const inventory = new Inventory(skus, unitsPerProduct, random, new ServiceLog('inventory', sink))
  const supplier = new Supplier(inventory, random)
  const gateway = new PaymentGateway(random, incidents, stopping)
  const payments = new Payments(gateway, random, new ServiceLog('payments', sink))
  const checkout = new Checkout(catalogue, inventory, payments, new ServiceLog('checkout', sink))
  const carts = new Carts(random)
  return {
    outbox,
    apiLog: new ServiceLog('shop-api', sink),
    incidents,
    catalogue,
    inventory,
    supplier,
    checkout,
    carts,
  }
}

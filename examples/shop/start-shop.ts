import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, pino } from 'pino'
import { buildApp } from './app.ts'
import { type ForwardAddress, ForwardOutbox } from './forward-outbox.ts'
import { LoadDriver } from './load-driver.ts'
import { createRandom } from './random.ts'
import { createShop } from './shop.ts'

const MIN_UNITS_PER_PRODUCT = 240
/** Units that carry the best-selling product through a delivery at any rate. */
const UNITS_PER_REQUEST_RATE = 8
const DRIVER_GRACE_MS = 600
const SERVER_GRACE_MS = 400
const OUTBOX_GRACE_MS = 700

export interface StartShopOptions {
  /** 0: any free port. */
  readonly port: number
  readonly host: string
  /** Where the logs go, by the Forward protocol. Nothing needs to listen there yet. */
  readonly fluent: ForwardAddress
  /** Of the load driver, in the mean; 0 for a shop without customers. */
  readonly requestsPerSecond: number
  /** Makes the simulated chances repeatable; chosen at random if absent. */
  readonly seed?: number
  /** For the shop's own messages to its operator. */
  readonly logger?: Logger
}

export interface RunningShop {
  readonly url: string
  /** Finishes what is under way, sends the last log lines and closes, within 2 s. A second call waits for the first. */
  stop(): Promise<void>
}

/**
 * Runs the shop and its customers in the calling thread.
 *
 * @throws the system's error (EADDRINUSE, …) if it can not listen; nothing is left running then
 */
export async function startShop(options: StartShopOptions): Promise<RunningShop> {
  const { port, host, fluent, requestsPerSecond, seed = Date.now(), logger = pino({ name: 'shop' }) } = options
  const stopping = new AbortController()
  const outbox = new ForwardOutbox(fluent, logger)
  const unitsPerProduct = Math.max(MIN_UNITS_PER_PRODUCT, Math.ceil(UNITS_PER_REQUEST_RATE * requestsPerSecond))
  const shop = createShop({ outbox, seed, unitsPerProduct, stopping: stopping.signal })
  const app = buildApp(shop)
  try {
    await app.listen({ port, host })
  } catch (error) {
    await outbox.close(0)
    throw error
  }
  const url = urlOf(app.server.address() as AddressInfo)
  const random = createRandom(seed + 1)
  const driver = new LoadDriver({ baseUrl: url, requestsPerSecond, incidents: shop.incidents, random, logger })
  shop.supplier.start()
  driver.start()

  const stop = async () => {
    await driver.stop(DRIVER_GRACE_MS)
    stopping.abort()
    shop.supplier.stop()
    const closed = app.close()
    await Promise.race([closed, delay(SERVER_GRACE_MS, undefined, { ref: false })])
    app.server.closeAllConnections()
    await closed
    await outbox.close(OUTBOX_GRACE_MS)
  }
  let stopped: Promise<void> | undefined
  return {
    url,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

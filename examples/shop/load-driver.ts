import { Agent, type IncomingMessage, request } from 'node:http'
import type { Logger } from 'pino'
import { PRODUCTS } from './catalogue.ts'
import type { Incidents } from './incidents.ts'
import type { OrderLine } from './inventory.ts'
import type { Random } from './random.ts'

const WAVE_PERIOD_MS = 600_000
const WAVE_SHARE = 0.3
const RIPPLE_PERIOD_MS = 97_000
const RIPPLE_SHARE = 0.06
const MAX_IN_FLIGHT = 256
const CUSTOMERS = 400
const QUIET_CHECK_MS = 250

export interface LoadDriverOptions {
  readonly baseUrl: string
  /** The mean; the rate swings about a third around it in ten minutes. */
  readonly requestsPerSecond: number
  readonly incidents: Incidents
  readonly random: Random
  readonly logger: Logger
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
}

/** Plays the shop's customers: real HTTP requests, arriving independently of each other (Poisson). */
export class LoadDriver {
  readonly #options: LoadDriverOptions
  readonly #inFlight = new Set<Promise<void>>()
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT })
  #timer: NodeJS.Timeout | undefined
  #dueAtMs = 0

  constructor(options: LoadDriverOptions) {
    this.#options = options
  }

  start(): void {
    this.#dueAtMs = Date.now()
    this.#tick()
  }

  /** Sends nothing more, and gives the answers under way `graceMs` before it hangs up. */
  async stop(graceMs: number): Promise<void> {
    clearTimeout(this.#timer)
    const hangUp = setTimeout(() => this.#agent.destroy(), graceMs)
    await Promise.allSettled(this.#inFlight)
    clearTimeout(hangUp)
    this.#agent.destroy()
  }

  #tick(): void {
    const { incidents, requestsPerSecond, random } = this.#options
    const nowMs = Date.now()
    if (requestsPerSecond <= 0 || incidents.current().kind === 'silence') {
      this.#dueAtMs = nowMs + QUIET_CHECK_MS
    }
    // A machine that slept owes no requests.
    if (nowMs - this.#dueAtMs > 1_000) this.#dueAtMs = nowMs
    while (this.#dueAtMs <= nowMs) {
      this.#dueAtMs += (-Math.log(1 - random.next()) * 1_000) / arrivalRate(requestsPerSecond, this.#dueAtMs)
      if (this.#inFlight.size < MAX_IN_FLIGHT) this.#track(this.#send(chooseCall(random)))
    }
    this.#timer = setTimeout(() => this.#tick(), this.#dueAtMs - nowMs)
  }

  #track(call: Promise<void>): void {
    this.#inFlight.add(call)
    call.finally(() => this.#inFlight.delete(call))
  }

  async #send({ method, path, body }: Call): Promise<void> {
    try {
      const answer = await this.#open(method, path, body === undefined ? undefined : JSON.stringify(body))
      for await (const _chunk of answer) {
        // Read to its end, so that the connection can be used again.
      }
    } catch (error) {
      // A customer whose request fails has no one to tell; the shop's own log has the reason.
      this.#options.logger.debug({ err: error }, `${method} ${path} got no answer`)
    }
  }

  #open(method: string, path: string, body: string | undefined): Promise<IncomingMessage> {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    return new Promise((resolve, reject) => {
      // node:http and not fetch, which takes twice the time of the thread that the shop shares.
      request(new URL(path, this.#options.baseUrl), { method, headers, agent: this.#agent })
        .on('response', resolve)
        .on('error', reject)
        .end(body)
    })
  }
}

/** Requests per second at a moment: two sines around the mean, so that charts have a shape and no two minutes are equal. */
export function arrivalRate(requestsPerSecond: number, timeMs: number): number {
  const wave = WAVE_SHARE * Math.sin((2 * Math.PI * timeMs) / WAVE_PERIOD_MS)
  const ripple = RIPPLE_SHARE * Math.sin((2 * Math.PI * timeMs) / RIPPLE_PERIOD_MS)
  return requestsPerSecond * (1 + wave + ripple)
}

/** What a customer does next: mostly look, sometimes buy, now and then mistype. */
function chooseCall(random: Random): Call {
  const customer = `cus_${String(random.below(CUSTOMERS)).padStart(4, '0')}`
  const dice = random.next()
  if (dice < 0.3) return { method: 'GET', path: '/api/products' }
  if (dice < 0.64) return { method: 'GET', path: `/api/products/${chooseSku(random)}` }
  if (dice < 0.72) return { method: 'GET', path: `/api/cart/${customer}` }
  if (dice < 0.8) return { method: 'PUT', path: `/api/cart/${customer}`, body: { items: chooseItems(random) } }
  if (dice < 0.97) return { method: 'POST', path: '/api/orders', body: { customer, items: chooseItems(random) } }
  if (dice < 0.985) return { method: 'GET', path: '/health' }
  if (dice < 0.993) return { method: 'GET', path: `/api/products/${chooseSku(random)}-old` }
  if (dice < 0.997) return { method: 'GET', path: '/favicon.ico' }
  return { method: 'POST', path: '/api/orders', body: { customer, items: [] } }
}

function chooseItems(random: Random): readonly OrderLine[] {
  const count = 1 + random.below(3)
  return Array.from({ length: count }, () => ({ sku: chooseSku(random), quantity: random.chance(0.7) ? 1 : 2 }))
}

/** The square pulls choices to the front of the list: the first of 24 products gets a fifth of all. */
function chooseSku(random: Random): string {
  return PRODUCTS[Math.floor(random.next() ** 2 * PRODUCTS.length)]!.sku
}

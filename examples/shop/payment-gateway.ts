import { setTimeout as delay } from 'node:timers/promises'
import type { IncidentKind, Incidents } from './incidents.ts'
import type { Random } from './random.ts'

export type GatewayFailure = 'gateway_timeout' | 'gateway_unavailable' | 'issuer_unavailable' | 'shop_stopping'

/** The gateway gave no decision on a charge. */
export class GatewayError extends Error {
  readonly failure: GatewayFailure
  /** Whether the same charge may succeed if it is tried again. */
  readonly retriable: boolean

  constructor(failure: GatewayFailure, message: string) {
    super(message)
    this.name = 'GatewayError'
    this.failure = failure
    this.retriable = failure === 'gateway_timeout' || failure === 'gateway_unavailable'
  }
}

interface Conditions {
  readonly latencyMedianMs: number
  /** Share of calls answered with an error at once; with three attempts a share of 0.5 fails one payment in eight. */
  readonly unavailableShare: number
}

const CALM: Conditions = { latencyMedianMs: 32, unavailableShare: 0.01 }
const CONDITIONS: Readonly<Record<IncidentKind, Conditions>> = {
  none: CALM,
  silence: CALM,
  latency: { ...CALM, latencyMedianMs: 300 },
  errors: { ...CALM, unavailableShare: 0.5 },
}
const LATENCY_SIGMA = 0.42
const HANG_SHARE = 0.002
const ISSUER_DOWN_SHARE = 0.003
const DECLINE_SHARE = 0.03

/** Stands for the client library of a payment provider: the network, its delays and its moods are simulated. */
export class PaymentGateway {
  readonly #random: Random
  readonly #incidents: Incidents
  readonly #stopping: AbortSignal

  constructor(random: Random, incidents: Incidents, stopping: AbortSignal) {
    this.#random = random
    this.#incidents = incidents
    this.#stopping = stopping
  }

  /**
   * Asks for one charge. Charges are idempotent by order at the provider, so that an undecided one may be repeated.
   *
   * @param timeoutMs longest wait for an answer
   * @throws {GatewayError} if there is no decision
   */
  async charge(timeoutMs: number): Promise<'approved' | 'declined'> {
    const { latencyMedianMs, unavailableShare } = CONDITIONS[this.#incidents.current().kind]
    const random = this.#random
    const latencyMs = random.chance(HANG_SHARE) ? Infinity : random.logNormal(latencyMedianMs, LATENCY_SIGMA)
    await this.#wait(Math.min(latencyMs, timeoutMs))
    if (latencyMs > timeoutMs) {
      throw new GatewayError('gateway_timeout', `no answer within ${timeoutMs} ms`)
    }
    if (random.chance(unavailableShare)) throw new GatewayError('gateway_unavailable', 'gateway answered 503')
    if (random.chance(ISSUER_DOWN_SHARE)) throw new GatewayError('issuer_unavailable', "the card's issuer is down")
    return random.chance(DECLINE_SHARE) ? 'declined' : 'approved'
  }

  async #wait(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.#stopping })
    } catch (cause) {
      if (!this.#stopping.aborted) throw cause
      throw new GatewayError('shop_stopping', 'the shop is stopping')
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { GatewayError, type PaymentGateway } from './payment-gateway.ts'
import type { Random } from './random.ts'
import type { LogAttributes, ServiceLog } from './service-log.ts'
import { childSpan, type TraceContext } from './trace.ts'

const MAX_ATTEMPTS = 3
const CALL_TIMEOUT_MS = 1_500
const BACKOFF_MS = 20

export interface Charge {
  readonly orderId: string
  readonly customerId: string
  readonly amountCents: number
}

/** `failed`: nobody decided; the customer was not charged. */
export type PaymentOutcome = 'approved' | 'declined' | 'failed'

/** Charges customers; tries again, up to three times, where the gateway gave no decision. */
export class Payments {
  readonly #gateway: PaymentGateway
  readonly #random: Random
  readonly #log: ServiceLog

  constructor(gateway: PaymentGateway, random: Random, log: ServiceLog) {
    this.#gateway = gateway
    this.#random = random
    this.#log = log
  }

  async charge(charge: Charge, parent: TraceContext): Promise<PaymentOutcome> {
    const log = this.#log.within(childSpan(parent))
    const startMs = performance.now()
    const facts = (attempt: number): LogAttributes => ({
      'order.id': charge.orderId,
      'customer.id': charge.customerId,
      'payment.amount_cents': charge.amountCents,
      'payment.attempt': attempt,
      duration_ms: Math.round(performance.now() - startMs),
    })
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ask()
      const line = facts(attempt)
      const amount = formatEuros(charge.amountCents)
      if (answer === 'approved') {
        log.info(`payment of ${amount} for order ${charge.orderId} approved in ${line.duration_ms} ms`, line)
        return answer
      }
      if (answer === 'declined') {
        log.warn(`payment of ${amount} for order ${charge.orderId} declined by the issuer`, line)
        return answer
      }
      const failure = { ...line, 'error.type': answer.failure }
      if (!answer.retriable || attempt === MAX_ATTEMPTS) {
        log.error(`payment for order ${charge.orderId} failed at attempt ${attempt}: ${answer.message}`, failure)
        return 'failed'
      }
      log.warn(`payment for order ${charge.orderId}, attempt ${attempt} of ${MAX_ATTEMPTS}: ${answer.message}`, failure)
      await delay(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + this.#random.next()))
    }
  }

  async #ask(): Promise<'approved' | 'declined' | GatewayError> {
    try {
      return await this.#gateway.charge(CALL_TIMEOUT_MS)
    } catch (error) {
      if (error instanceof GatewayError) return error
      throw error
    }
  }
}

/** 123456 → `1234.56 EUR` */
export function formatEuros(cents: number): string {
  return `${(cents / 100).toFixed(2)} EUR`
}

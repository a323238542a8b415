import { WeirError } from '@weir/core'

const BASE_MS = 200
const CEILING_MS = 30_000

/**
 * What to do after a role failed. It starts again from the committed offsets when that may help: a store or broker that
 * is away, a lost partition, and whatever was not foreseen. A topic that is missing or misconfigured needs a person.
 */
export function afterFailure(error: unknown): 'restart' | 'stop' {
  if (!(error instanceof WeirError) || error.retriable) return 'restart'
  switch (error.code) {
    case 'WEIR_GROUP_FENCED':
    case 'WEIR_PRODUCER_FENCED':
    case 'WEIR_TRANSACTION_STATE':
    case 'WEIR_OFFSET_OUT_OF_RANGE':
      return 'restart'
    default:
      return 'stop'
  }
}

/**
 * Pause before the next attempt: exponential with full jitter in its upper half, so that many processes do not return at
 * once. 200 ms for the first, 30 s at most.
 *
 * @param failures in a row before this one, ≥ 0
 * @param random   0 ≤ random < 1
 */
export function backoffMs(failures: number, random: number): number {
  const fullMs = Math.min(CEILING_MS, BASE_MS * 2 ** failures)
  return fullMs / 2 + (fullMs / 2) * random
}

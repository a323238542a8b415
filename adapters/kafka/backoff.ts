import type { Recovery } from './errors.ts'

const FIRST_MS: Record<Recovery, number> = { again: 5, refresh: 50, fail: 0 }
const MOST_MS: Record<Recovery, number> = { again: 200, refresh: 2000, fail: 0 }

/**
 * How long to wait before the next attempt: doubled with each failure up to a bound, and a random half of it, so that many
 * clients do not come back at once.
 *
 * @param failures in a row, ≥ 1
 * @param random   in [0, 1)
 * @returns ms
 */
export function backoffMs(recovery: Recovery, failures: number, random: number): number {
  const fullMs = Math.min(MOST_MS[recovery], FIRST_MS[recovery] * 2 ** Math.min(failures - 1, 20))
  return fullMs / 2 + (fullMs / 2) * random
}

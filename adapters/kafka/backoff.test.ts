import { describe, expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

describe('backoffMs', () => {
  it.each([
    ['again', 1, [2.5, 5]],
    ['again', 3, [10, 20]],
    ['again', 50, [100, 200]],
    ['refresh', 1, [25, 50]],
    ['refresh', 4, [200, 400]],
    ['refresh', 5000, [1000, 2000]],
  ] as const)(
    'before the next attempt `%s` after %i failures lies between half and the whole of its pause',
    (recovery, failures, range) => {
      expect([backoffMs(recovery, failures, 0), backoffMs(recovery, failures, 1)]).toEqual(range)
    },
  )
})

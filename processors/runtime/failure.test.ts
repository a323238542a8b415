import { WeirError } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { afterFailure, backoffMs } from './failure.ts'

describe('after a failure', () => {
  it.each([
    ['a store that is away comes back', new WeirError('WEIR_STORE_FAILED', 'away'), 'restart'],
    ['a lost partition is assigned anew', new WeirError('WEIR_GROUP_FENCED', 'fenced'), 'restart'],
    ['a fenced producer joins again', new WeirError('WEIR_PRODUCER_FENCED', 'fenced'), 'restart'],
    ['a defect must not take the role down for good', new TypeError('x is undefined'), 'restart'],
    ['a missing topic needs a person', new WeirError('WEIR_TOPIC_UNKNOWN', 'missing'), 'stop'],
    ['a closed broker stays closed', new WeirError('WEIR_CLOSED', 'closed'), 'stop'],
  ])('%s', (_sentence, error, decision) => {
    expect(afterFailure(error)).toBe(decision)
  })

  it.each([
    ['starts at 100–200 ms', 0, 100, 200],
    ['doubles', 3, 800, 1_600],
    ['never passes 30 s', 50, 15_000, 30_000],
  ])('the pause %s', (_sentence, failures, lowMs, highMs) => {
    expect(backoffMs(failures, 0)).toBe(lowMs)
    expect(backoffMs(failures, 0.999_999)).toBeLessThanOrEqual(highMs)
  })
})

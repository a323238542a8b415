import type { Clock } from '@weir/core'

export const systemClock: Clock = { now: () => Date.now() }

import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepRetention } from './retention.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('drops at once and every ten minutes, goes on after a failure, and ends', async () => {
  const asked: string[] = []
  const failing = {
    applyRetention: async () => {
      asked.push('failing')
      throw new Error('the disk is full')
    },
  }
  const other = {
    applyRetention: async (nowMs: number) => {
      asked.push(`other at ${nowMs}`)
    },
  }
  const end = keepRetention([failing, other], { now: () => 42 }, pino({ level: 'silent' }))
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual(['failing', 'other at 42'])
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(asked).toEqual(['failing', 'other at 42', 'failing', 'other at 42'])
  end()
  await vi.advanceTimersByTimeAsync(60 * 60_000)
  expect(asked).toHaveLength(4)
})

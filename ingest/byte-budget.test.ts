import { describe, expect, it } from 'vitest'
import { ByteBudget } from './byte-budget.ts'

describe('ByteBudget', () => {
  it('lets in up to the bound, and no byte more', () => {
    const budget = new ByteBudget(10)
    expect([budget.tryReserve(4), budget.tryReserve(6), budget.tryReserve(1)]).toEqual([true, true, false])
    budget.release(4)
    expect([budget.tryReserve(5), budget.tryReserve(4)]).toEqual([false, true])
  })

  it('lets what is over the whole bound in alone', () => {
    const budget = new ByteBudget(10)
    expect([budget.tryReserve(100), budget.tryReserve(1)]).toEqual([true, false])
    budget.release(100)
    expect(budget.tryReserve(1)).toBe(true)
    expect(budget.tryReserve(100)).toBe(false)
  })

  it('serves those who wait in their order, before those who do not wait', async () => {
    const budget = new ByteBudget(10)
    budget.tryReserve(8)
    const order: string[] = []
    const large = budget.reserve(9).then(() => order.push('large'))
    const small = budget.reserve(1).then(() => order.push('small'))
    expect(budget.tryReserve(1)).toBe(false)
    budget.release(8)
    await Promise.all([large, small])
    expect(order).toEqual(['large', 'small'])
    expect(budget.usedBytes).toBe(10)
  })
})

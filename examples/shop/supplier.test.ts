import { describe, expect, it } from 'vitest'
import { Inventory } from './inventory.ts'
import { createRandom } from './random.ts'
import { type LogEvent, ServiceLog } from './service-log.ts'
import { Supplier } from './supplier.ts'
import { startTrace } from './trace.ts'

describe('Supplier', () => {
  it('fills up what fell below a third, once, some seconds after it noticed', async () => {
    const lines: LogEvent[] = []
    const log = new ServiceLog('inventory', (line) => lines.push(line))
    const inventory = new Inventory(['mug', 'tea'], 90, createRandom(1), log)
    const supplier = new Supplier(inventory, createRandom(1))
    await inventory.reserve('ord_1', [{ sku: 'mug', quantity: 61 }], startTrace())
    await inventory.reserve('ord_2', [{ sku: 'tea', quantity: 60 }], startTrace())

    supplier.visit(0)
    expect(inventory.level('mug').available).toBe(29)
    supplier.visit(1)
    supplier.visit(120_000)
    supplier.visit(240_000)

    expect(inventory.level('mug')).toEqual({ received: 151, available: 90, reserved: 61, sold: 0 })
    expect(inventory.level('tea')).toEqual({ received: 90, available: 30, reserved: 60, sold: 0 })
    expect(lines.map((line) => line.record.message)).toContain('restocked mug with 61 units, 90 available')
  })
})

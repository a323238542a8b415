import { describe, expect, it } from 'vitest'
import { anomaliesParams, logsParams, overviewParams, pageParams } from './search-params.ts'

describe('what a URL may say', () => {
  it('takes the page time', () => {
    expect(pageParams({ range: '6h', live: false })).toEqual({ range: '6h', live: false })
    expect(pageParams({ from: 1_000, to: 2_000, live: true })).toEqual({ from: 1_000, to: 2_000 })
  })

  it('leaves out what it cannot read', () => {
    expect(pageParams({ from: 'then', to: Number.NaN, range: '' })).toEqual({})
    expect(overviewParams({ by: 'colour', latency: {} })).toEqual({})
    expect(logsParams({ severity: 'loud', services: [{}, ''] })).toEqual({})
    expect(anomaliesParams({ level: 'none' })).toEqual({})
  })

  it('reads a number that was meant as text', () => {
    expect(logsParams({ q: 500, services: 7 })).toEqual({ q: '500', services: ['7'] })
  })

  it('keeps a whole search', () => {
    const params = { q: '"timed out"', services: ['checkout', 'payments'], severity: 'warn', line: 'a-0-1' } as const
    expect(logsParams({ ...params, unknown: 1 })).toEqual(params)
  })
})

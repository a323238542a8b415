import { describe, expect, it } from 'vitest'
import { sparkOf } from './sparkline.ts'
import { median, usualBand } from './usual-band.ts'

describe('usualBand', () => {
  it('says nothing with too little history', () => {
    expect(usualBand([200, 210, 190]).low).toEqual([null, null, null])
  })

  it('holds what is usual', () => {
    const values = Array.from({ length: 60 }, (_, index) => 200 + (index % 7) * 5)
    const { low, high } = usualBand(values)
    expect(low[59]).toBeLessThan(200)
    expect(high[59]).toBeGreaterThan(230)
    expect(high[59]).toBeLessThan(300)
  })

  it('is not moved by the start of an incident', () => {
    const values = [...new Array<number>(60).fill(200), ...new Array<number>(20).fill(1_800)]
    const { high } = usualBand(values)
    expect(high[79]).toBeLessThan(250)
  })

  it('skips gaps and zeros', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 100 : index % 3 === 0 ? null : 0))
    const { low, high } = usualBand(values)
    expect(low[39]).toBeCloseTo(100 / 1.08)
    expect(high[39]).toBeCloseTo(108)
  })

  it('takes the middle of an even list', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
})

describe('sparkOf', () => {
  it('spans the box and ends at the newest point', () => {
    const spark = sparkOf([0, 5, 10], 63, 24)
    expect(spark.line).toBe('M0 22L30 12L60 2')
    expect(spark.last).toEqual({ x: 60, y: 2 })
  })

  it('lifts the pen at a gap', () => {
    expect(sparkOf([1, 2, null, 1, 2], 63, 24).line.match(/M/g)).toHaveLength(2)
  })

  it('draws nothing of too little', () => {
    expect(sparkOf([1, 2, null], 63, 24).line).toBe('')
    expect(sparkOf([null, null], 63, 24)).toEqual({ line: '', area: '', last: undefined })
  })
})

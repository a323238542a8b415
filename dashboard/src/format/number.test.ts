import { describe, expect, it } from 'vitest'
import {
  bytesQuantity,
  durationQuantity,
  formatChange,
  formatInteger,
  formatNumber,
  formatQuantity,
  formatTimes,
} from './number.ts'

describe('formatNumber', () => {
  it.each([
    ['nothing is 0', 0, '0'],
    ['a small share keeps two digits', 0.22, '0.22'],
    ['a tiny one keeps its first digit', 0.0012, '0.001'],
    ['tens keep one decimal', 38.6, '38.6'],
    ['9.996 is not written as 10.00', 9.996, '10'],
    ['99.97 is not written as 100.0', 99.97, '100'],
    ['hundreds are whole', 692.4, '692'],
    ['thousands are grouped', 4812, '4,812'],
    ['999.6 rounds up to a group', 999.6, '1,000'],
    ['ten thousand turns to k', 12_400, '12.4k'],
    ['just below a million does not become 1000k', 999_600, '1M'],
    ['millions', 2_360_000, '2.36M'],
    ['negative numbers keep their sign', -1_500_000, '-1.5M'],
  ])('%s', (_, value, text) => {
    expect(formatNumber(value)).toBe(text)
  })
})

describe('units', () => {
  it.each([
    ['sub-millisecond', 0.42, '0.42', 'ms'],
    ['milliseconds', 182, '182', 'ms'],
    ['999.5 ms is a second', 999.5, '1', 's'],
    ['seconds', 1824, '1.82', 's'],
    ['two minutes', 120_000, '2', 'min'],
    ['an hour is not sixty minutes', 3_600_000, '1', 'h'],
    ['hours', 12_600_000, '3.5', 'h'],
    ['days', 259_200_000, '3', 'd'],
  ])('a duration of %s', (_, ms, value, unit) => {
    expect(durationQuantity(ms)).toEqual({ value, unit })
  })

  it('counts bytes in powers of 1000', () => {
    expect(bytesQuantity(3_100)).toEqual({ value: '3.1', unit: 'kB' })
    expect(bytesQuantity(999.6)).toEqual({ value: '1', unit: 'kB' })
  })

  it('sets a unit apart by a no-break space, a rate not', () => {
    expect(formatQuantity(182, 'ms')).toBe('182\u00a0ms')
    expect(formatQuantity(692, '/s')).toBe('692/s')
    expect(formatQuantity(5, '1')).toBe('5')
    expect(formatQuantity(0.54, '%')).toBe('0.5\u00a0%')
  })
})

describe('comparisons', () => {
  it.each([
    ['growth', 108, 100, '+8\u00a0%'],
    ['a fall, with a real minus', 60, 100, '−40\u00a0%'],
    ['no change', 100, 100, '±0\u00a0%'],
  ])('%s', (_, value, base, text) => {
    expect(formatChange(value, base)).toBe(text)
  })

  it('has no change without a base', () => {
    expect(formatChange(5, 0)).toBeUndefined()
  })

  it('says how often the usual', () => {
    expect(formatTimes(910, 210)).toBe('4.3×')
    expect(formatTimes(2.64, 0.22)).toBe('12×')
  })

  it('groups long integers', () => {
    expect(formatInteger(1_234_567)).toBe('1,234,567')
  })
})

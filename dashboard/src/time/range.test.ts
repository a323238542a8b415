import { describe, expect, it } from 'vitest'
import {
  around,
  boundsOf,
  DEFAULT_RANGE,
  labelOf,
  paramsOf,
  type Range,
  rangeOf,
  shifted,
  spanOf,
  zoomed,
} from './range.ts'

const HOUR = 3_600_000

describe('the range in the URL', () => {
  it.each<[string, Range]>([
    ['the default', DEFAULT_RANGE],
    ['a preset', { lastMs: 6 * HOUR }],
    ['a length that is no preset', { lastMs: 90_000 }],
    ['an absolute range', { fromMs: 1_431_856_800_000, toMs: 1_431_860_400_000 }],
  ])('%s survives a round trip', (_, range) => {
    expect(rangeOf(paramsOf(range))).toEqual(range)
  })

  it.each([
    ['unknown text', { range: 'yesterday' }],
    ['no length', { range: '0m' }],
    ['more than ten years', { range: '99999d' }],
    ['an end before its start', { from: 200_000, to: 100_000 }],
    ['an absolute range under one window', { from: 100_000, to: 109_999 }],
    ['half an absolute range', { from: 100_000 }],
  ])('%s gives the default', (_, params) => {
    expect(rangeOf(params)).toEqual(DEFAULT_RANGE)
  })

  it('is written by the name of its preset', () => {
    expect(paramsOf({ lastMs: 86_400_000 })).toEqual({ range: '24h' })
    expect(paramsOf({ lastMs: HOUR })).toEqual({ range: '1h' })
  })
})

describe('moving', () => {
  it('steps back by its own length', () => {
    expect(shifted({ lastMs: HOUR }, -1, 10 * HOUR)).toEqual({ fromMs: 8 * HOUR, toMs: 9 * HOUR })
  })

  it('does not step past now', () => {
    expect(shifted({ fromMs: 8 * HOUR, toMs: 9 * HOUR }, 1, 9.5 * HOUR)).toEqual({
      fromMs: 8.5 * HOUR,
      toMs: 9.5 * HOUR,
    })
  })

  it('steps forward where there is room', () => {
    expect(shifted({ fromMs: HOUR, toMs: 2 * HOUR }, 1, 9 * HOUR)).toEqual({ fromMs: 2 * HOUR, toMs: 3 * HOUR })
  })

  it('zooms to a stretch dragged leftwards, never under one window', () => {
    expect(zoomed(50_000, 20_000)).toEqual({ fromMs: 20_000, toMs: 50_000 })
    expect(zoomed(20_000, 20_100)).toEqual({ fromMs: 20_000, toMs: 30_000 })
  })

  it('knows its ends and its length', () => {
    expect(boundsOf({ lastMs: HOUR }, 10 * HOUR)).toEqual({ fromMs: 9 * HOUR, toMs: 10 * HOUR })
    expect(spanOf(around(HOUR, 300_000))).toBe(600_000)
    expect(labelOf({ lastMs: 900_000 })).toBe('Last 15 min')
    expect(labelOf({ lastMs: 7_200_000 })).toBe('Last 2h')
  })
})

import { describe, expect, it } from 'vitest'
import { nextHidden } from './hidden-series.ts'
import { fittingItems } from './legend-fit.ts'

const ALL = ['a', 'b', 'c']
const NONE = new Set<string>()

describe('choosing in a legend', () => {
  it.each([
    ['a click shows one alone', NONE, 'b', false, ['a', 'c']],
    ['a second click shows all again', new Set(['a', 'c']), 'b', false, []],
    ['a click on a hidden one shows that alone', new Set(['a', 'c']), 'a', false, ['b', 'c']],
    ['Ctrl hides one', NONE, 'b', true, ['b']],
    ['Ctrl shows it again', new Set(['b']), 'b', true, []],
    ['the last one shown cannot be hidden: all come back', new Set(['a', 'c']), 'b', true, []],
  ])('%s', (_, before, key, toggle, hidden) => {
    expect([...nextHidden(before, key, ALL, toggle)]).toEqual(hidden)
  })
})

describe('fittingItems', () => {
  const items = Array.from({ length: 4 }, () => ({ name: 'checkout', value: '9.9 %' }))

  it('shows all where there is room', () => {
    expect(fittingItems(items, 1_000)).toBe(4)
  })

  it('keeps room for the count of those left out', () => {
    expect(fittingItems(items, 458)).toBe(3)
  })

  it('shows one at least', () => {
    expect(fittingItems(items, 10)).toBe(1)
    expect(fittingItems([], 10)).toBe(0)
  })
})

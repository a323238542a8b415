import { describe, expect, it } from 'vitest'
import { LabelIndex } from './label-index.ts'

const HOUR_MS = 3_600_000

describe('the budget of series', () => {
  it('gives equal labels the same identity', () => {
    const index = new LabelIndex(2, 10)
    expect(index.lookup(['web', 'info'], 0)).toBe(index.lookup(['web', 'info'], 1))
    expect(index.lookup(['web', 'info'], 0)).not.toBe(index.lookup(['info', 'web'], 0))
  })

  it('past it only the label with the most values becomes __other__, so that sums by the rest stay exact', () => {
    const index = new LabelIndex(2, 100)
    for (let i = 0; i < 100; i++) index.lookup([`/page/${i}`, '200'], 0)
    expect(index.lookup(['/page/100', '404'], 0).values).toEqual(['__other__', '404'])
    expect(index.lookup(['/page/101', '404'], 0)).toBe(index.lookup(['/page/100', '404'], 0))
    expect(index.lookup(['/page/7', '200'], 0).values).toEqual(['/page/7', '200'])
    expect(index.overflows).toBe(4 - 1)
  })

  it('past an eighth more every label becomes __other__', () => {
    const index = new LabelIndex(2, 16)
    for (let i = 0; i < 16; i++) index.lookup([`a${i}`, 'x'], 0)
    for (let i = 0; i < 16; i++) expect(index.lookup(['new', `b${i}`], 0).values).toEqual(['__other__', `b${i}`])
    expect(index.lookup(['new', 'b16'], 0).values).toEqual(['__other__', '__other__'])
    expect(index.lookup(['newer', 'b17'], 0)).toBe(index.lookup(['new', 'b16'], 0))
  })

  it.each([
    ['stays within the hour', HOUR_MS - 1, '__other__'],
    ['makes room when the hour is over', HOUR_MS, 'late'],
  ])('a series not seen again %s', (_sentence, nowMs, expected) => {
    const index = new LabelIndex(1, 2)
    index.lookup(['first'], 0)
    index.lookup(['second'], 0)
    expect(index.lookup(['late'], nowMs).values).toEqual([expected])
  })

  it('looks for room at most once a minute', () => {
    const index = new LabelIndex(1, 1)
    index.lookup(['first'], 0)
    expect(index.lookup(['second'], HOUR_MS - 1).values).toEqual(['__other__'])
    expect(index.lookup(['second'], HOUR_MS + 1).values).toEqual(['__other__'])
    expect(index.lookup(['second'], HOUR_MS + 59_999).values).toEqual(['second'])
  })

  it('cuts a label value that is too long', () => {
    const [value] = new LabelIndex(1, 2).lookup(['x'.repeat(500)], 0).values
    expect(value).toBe(`${'x'.repeat(199)}…`)
  })
})

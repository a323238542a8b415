import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seriesId } from './series.ts'

it('names a series by its metric and sorted labels', () => {
  expect(seriesId({ metric: 'm', labels: { b: 'x', a: '1' } })).toBe('m{a="1",b="x"}')
  expect(seriesId({ metric: 'm', labels: {} })).toBe('m{}')
})

it('is equal for equal series in any order of labels, and for those only', () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-z.]{1,3}$/), fc.string({ maxLength: 4 }), { maxKeys: 3 })
  fc.assert(
    fc.property(labels, labels, (a, b) => {
      const reversed = Object.fromEntries(Object.entries(a).reverse())
      expect(seriesId({ metric: 'm', labels: reversed })).toBe(seriesId({ metric: 'm', labels: a }))
      const sorted = (each: object) => JSON.stringify(Object.entries(each).sort())
      expect(seriesId({ metric: 'm', labels: a }) === seriesId({ metric: 'm', labels: b })).toBe(
        sorted(a) === sorted(b),
      )
    }),
  )
})

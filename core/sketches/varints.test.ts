import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Varints } from './varints.ts'

it.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])('reads back %d', (value) => {
  const out = new Varints()
  out.write(value)
  expect(new Varints(out.bytes()).read()).toBe(value)
})

it('reads back any run of signed integers', () => {
  const half = (Number.MAX_SAFE_INTEGER - 1) / 2
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -half, max: half })), (values) => {
      const out = new Varints()
      for (const value of values) out.writeSigned(value)
      const input = new Varints(out.bytes())
      expect(values.map(() => input.readSigned())).toEqual(values)
      expect(input.atEnd).toBe(true)
    }),
  )
})

it('refuses to read past the end, or an integer over 2^53 - 1', () => {
  expect(() => new Varints(Uint8Array.of(128)).read()).toThrow(RangeError)
  expect(() => new Varints(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 1)).read()).toThrow(RangeError)
})

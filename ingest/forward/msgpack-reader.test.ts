import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MsgpackReader } from './msgpack-reader.ts'

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noInteger: true }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
})).value

describe('MsgpackReader', () => {
  it('reads what another encoder writes', () => {
    fc.assert(
      fc.property(value, (written) => {
        const reader = new MsgpackReader(encode(written))
        expect(plain(reader.value())).toEqual(plain(written))
        expect(reader.atEnd).toBe(true)
      }),
    )
  })

  it('skips exactly what it would read', () => {
    fc.assert(
      fc.property(value, (written) => {
        const reader = new MsgpackReader(encode(written))
        reader.skip()
        expect(reader.atEnd).toBe(true)
      }),
    )
  })

  it('throws WEIR_FRAME_INVALID for any bytes that are cut short', () => {
    fc.assert(
      fc.property(value, fc.nat(), (written, cut) => {
        const bytes = encode(written)
        const part = bytes.subarray(0, cut % bytes.length)
        expect(() => new MsgpackReader(part).value()).toThrow(expect.objectContaining({ code: 'WEIR_FRAME_INVALID' }))
      }),
    )
  })

  it('throws nothing else for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new MsgpackReader(bytes).value()
        } catch (error) {
          expect(error).toMatchObject({ code: 'WEIR_FRAME_INVALID' })
        }
      }),
    )
  })

  it.each([
    ['an array', [0xdd, 0xff, 0xff, 0xff, 0xff, 1]],
    ['a map', [0xdf, 0xff, 0xff, 0xff, 0xff, 1]],
  ])('does not believe the count of %s', (_sentence, bytes) => {
    expect(() => new MsgpackReader(new Uint8Array(bytes)).value()).toThrow('items are announced')
  })

  it('never sets a prototype', () => {
    // {"__proto__": {"x": 1}}
    const bytes = Buffer.concat([Buffer.from([0x81, 0xa9]), Buffer.from('__proto__'), encode({ x: 1 })])
    const map = new MsgpackReader(bytes).value()
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
  })
})

/** Without the difference between Buffer and Uint8Array, and -0 and 0. */
function plain(part: unknown): unknown {
  if (part instanceof Uint8Array) return [...part]
  if (Array.isArray(part)) return part.map(plain)
  if (typeof part === 'object' && part !== null) {
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, plain(inner)]))
  }
  return typeof part === 'number' ? part + 0 : part
}

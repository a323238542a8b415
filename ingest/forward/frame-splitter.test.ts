import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameSplitter } from './frame-splitter.ts'

const json = fc.jsonValue({ maxDepth: 4 })
const message = fc.tuple(fc.string(), json, json).map((items) => Buffer.from(encode(items)))

describe('FrameSplitter', () => {
  it('finds the same messages wherever the stream is split', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(200), { minLength: 1 }), (messages, sizes) => {
        const stream = Buffer.concat(messages)
        const splitter = new FrameSplitter(1_000_000)
        const found: Buffer[] = []
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length]! + 1
          for (const frame of splitter.push(stream.subarray(at, at + size))) found.push(Buffer.from(frame))
          at += size
        }
        expect(found).toEqual(messages)
        expect(splitter.partialBytes).toBe(0)
      }),
    )
  })

  it('looks at each byte once: a message of 500,000 values in pieces of 16 bytes takes no quadratic time', () => {
    const large = Buffer.from(encode(['t', Array.from({ length: 500_000 }, (_, i) => i % 100)]))
    const splitter = new FrameSplitter(10_000_000)
    const startMs = performance.now()
    let frames = 0
    for (let at = 0; at < large.length; at += 16) {
      for (const frame of splitter.push(large.subarray(at, at + 16))) frames += frame.length === large.length ? 1 : 0
    }
    expect(frames).toBe(1)
    // Quadratic, it would walk 8e9 values.
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  it('takes a message of exactly the bound and not of a byte more', () => {
    const exact = Buffer.from(encode(['t', 'x'.repeat(100)]))
    expect([...new FrameSplitter(exact.length).push(exact)]).toHaveLength(1)
    expect(() => [...new FrameSplitter(exact.length - 1).push(exact)]).toThrow('is over')
  })
})

import { describe, expect, it } from 'vitest'
import { murmur2, partitionOf } from './partitioner.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('murmur2', () => {
  // The values that org.apache.kafka.common.utils.Utils.murmur2 is tested with in Kafka's UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s equals the Java client', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash)
  })
})

describe('partitionOf', () => {
  it('maps negative hashes into 0..partitions-1 by dropping the sign bit', () => {
    expect(partitionOf(bytes('21'), 10)).toBe((-973932308 & 0x7fffffff) % 10)
    expect(partitionOf(bytes('anything'), 1)).toBe(0)
  })
})

import type { TopicPartition } from '@weir/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  planStep,
  type Subscription,
} from './subscription.ts'

const of = (...partitions: number[]) => partitions.map((partition) => ({ topic: 't', partition }))
const member = (...owned: number[]): Subscription => ({ topics: ['t'], owned: of(...owned) })
const numbers = (partitions: readonly TopicPartition[] | undefined) => partitions?.map(({ partition }) => partition)

function step(members: Record<string, Subscription>, count: number): Record<string, number[]> {
  const plan = planStep(new Map(Object.entries(members)), new Map([['t', count]]))
  return Object.fromEntries([...plan].map(([memberId, partitions]) => [memberId, numbers(partitions)!]))
}

describe('a step of a rebalance', () => {
  it.each<[string, Record<string, Subscription>, Record<string, number[]>]>([
    ['gives all to the first member', { a: member() }, { a: [0, 1, 2, 3] }],
    [
      'gives a second member nothing while the first still reads it',
      { a: member(0, 1, 2, 3), b: member() },
      { a: [0, 1], b: [] },
    ],
    ['hands over what the first gave up', { a: member(0, 1), b: member() }, { a: [0, 1], b: [2, 3] }],
    ['moves nothing when all is even', { a: member(3, 1), b: member(0, 2) }, { a: [1, 3], b: [0, 2] }],
    ['gives what a member left to the others', { a: member(1, 3) }, { a: [1, 3, 0, 2] }],
    ['lets only one keep what two claim', { a: member(0, 1), b: member(1, 2) }, { a: [0, 1], b: [2, 3] }],
  ])('%s', (_, members, plan) => {
    expect(step(members, 4)).toEqual(plan)
  })

  it('comes to rest, with every partition read by exactly one, from whatever start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (members, count, seed) => {
        let owned: Record<string, number[]> = {}
        for (let m = 0; m < members; m++) owned[`m${m}`] = []
        for (let p = 0; p < count; p++) if ((seed >> p) % 3) owned[`m${(seed + p * 7) % members}`]!.push(p)
        for (let round = 0; round < 2; round++) {
          const plan = step(Object.fromEntries(Object.entries(owned).map(([id, own]) => [id, member(...own)])), count)
          for (const [id, partitions] of Object.entries(plan)) {
            const others = Object.entries(owned)
              .filter(([other]) => other !== id)
              .flatMap(([, own]) => own)
            expect(partitions.filter((partition) => others.includes(partition))).toEqual([])
          }
          owned = plan
        }
        expect(
          Object.values(owned)
            .flat()
            .sort((a, b) => a - b),
        ).toEqual(Array.from({ length: count }, (_, p) => p))
      }),
    )
  })
})

describe('on the wire', () => {
  it('a subscription tells topics and what is read now', () => {
    const subscription = { topics: ['t', 'ü'], owned: [...of(0, 2), { topic: 'ü', partition: 5 }] }
    expect(decodeSubscription(encodeSubscription(subscription))).toEqual(subscription)
  })

  it('an assignment comes back, and no bytes are none', () => {
    expect(decodeAssignment(encodeAssignment(of(3, 1)))).toEqual(of(3, 1))
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([])
  })
})

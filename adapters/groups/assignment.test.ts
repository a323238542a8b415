import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignPartitions, type Candidate, partitionKey } from './assignment.ts'

function candidate(memberId: string, topics: string[], owned: string[] = []): Candidate {
  const keys = owned.map((name) => {
    const [topic, partition] = name.split('/')
    return partitionKey({ topic: topic!, partition: Number(partition) })
  })
  return { memberId, topics: new Set(topics), owned: new Set(keys) }
}

function assign(candidates: Candidate[], partitions: Record<string, number>): Record<string, string[]> {
  const targets = assignPartitions(candidates, new Map(Object.entries(partitions)))
  return Object.fromEntries(
    [...targets].map(([memberId, held]) => [
      memberId,
      held.map(({ topic, partition }) => `${topic}/${partition}`).sort(),
    ]),
  )
}

describe('assignPartitions', () => {
  it.each([
    {
      title: 'a lone member gets everything',
      candidates: [candidate('a', ['t'])],
      partitions: { t: 3 },
      expected: { a: ['t/0', 't/1', 't/2'] },
    },
    {
      title: 'a newcomer takes over only what balance needs',
      candidates: [candidate('a', ['t'], ['t/0', 't/1', 't/2', 't/3']), candidate('b', ['t'])],
      partitions: { t: 4 },
      expected: { a: ['t/0', 't/1'], b: ['t/2', 't/3'] },
    },
    {
      title: 'the partitions of one who left go to the others, who keep theirs',
      candidates: [candidate('a', ['t'], ['t/1']), candidate('b', ['t'], ['t/3'])],
      partitions: { t: 4 },
      expected: { a: ['t/0', 't/1'], b: ['t/2', 't/3'] },
    },
    {
      title: 'the odd partitions of two topics go to different members',
      candidates: [candidate('a', ['t', 'u']), candidate('b', ['t', 'u'])],
      partitions: { t: 1, u: 1 },
      expected: { a: ['t/0'], b: ['u/0'] },
    },
    {
      title: 'a topic goes to its readers alone',
      candidates: [candidate('a', ['t']), candidate('b', ['u'])],
      partitions: { t: 2, u: 2 },
      expected: { a: ['t/0', 't/1'], b: ['u/0', 'u/1'] },
    },
    {
      title: 'members beyond the partitions stay idle',
      candidates: [candidate('a', ['t']), candidate('b', ['t'], ['t/0'])],
      partitions: { t: 1 },
      expected: { a: [], b: ['t/0'] },
    },
  ])('$title', ({ candidates, partitions, expected }) => {
    expect(assign(candidates, partitions)).toEqual(expected)
  })

  it('gives each partition to one member, evenly, and stays as it is once reached', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(8),
        (members, count, gone) => {
          const ids = Array.from({ length: members }, (_, i) => `m${i}`)
          const before = assign(
            [...ids, 'left'].map((id) => candidate(id, ['t'])),
            { t: count },
          )
          const remaining = ids.filter((_, i) => members === 1 || i !== gone)
          const round = (held: Record<string, string[]>) =>
            assign(
              remaining.map((id) => candidate(id, ['t'], held[id])),
              { t: count },
            )
          const after = round(before)
          const sizes = Object.values(after).map((held) => held.length)
          expect(new Set(Object.values(after).flat()).size).toBe(count)
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
          expect(round(after)).toEqual(after)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OTHER_PATTERN_ID, PatternMiner } from './pattern-miner.ts'

function mined(lines: readonly string[], options = {}): PatternMiner {
  const miner = new PatternMiner(options)
  for (const line of lines) miner.observe(line)
  miner.refine()
  return miner
}

/** Which lines are together, whatever the ids are. */
function groupsOf(miner: PatternMiner, lines: readonly string[]): string[] {
  const groups = new Map<string, Set<string>>()
  for (const line of lines) {
    const { id } = miner.match(line)
    groups.set(id, (groups.get(id) ?? new Set()).add(line))
  }
  return [...groups.values()].map((group) => [...group].sort().join('\n')).sort()
}

const USERS = ['root', 'fred', 'mary', 'guest', 'oracle', 'x', 'test7']
const word = fc.constantFrom('disk', 'cache', 'opened', 'failed', 'for', 'user', 'from', 'at', 'x', 'Worker', 'a.b.C')
const value = fc.constantFrom('7', '0x1f', '10.0.0.1:80', '/var/log/x', 'user=', '[]', '"a b"', 'true', ...USERS)
const line = fc
  .array(fc.oneof(word, value, fc.constantFrom(':', '=', ',', '(', ')', '->')), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(' '))

describe('PatternMiner', () => {
  it('finds the statements behind lines, with typed wildcards', () => {
    const lines = USERS.flatMap((user, i) => [
      `session opened for user ${user} by (uid=${i})`,
      `GET /api/products/${i} took ${i}ms`,
      `disk /dev/sd${i} is 8${i}% full`,
    ])
    const patterns = mined(lines).patterns()
    expect(patterns.map(({ template, count }) => [template, count])).toEqual([
      ['session opened for user <*> by (uid=<number>)', 7],
      ['GET <path> took <duration>', 7],
      ['disk <path> is <number> full', 7],
    ])
  })

  it.each([
    ['different events of one thing stay apart', ['cache started', 'cache stopped', 'cache flushed', 'cache resized']],
    [
      'the first word says what happens',
      ['open file now ok', 'close file now ok', 'move file now ok', 'copy file now ok'],
    ],
    ['two values are not enough', ['mode is fast here', 'mode is slow here']],
    ['other statements', ['starting up', 'listening on port', 'bye']],
  ])('keeps apart: %s', (_, lines) => {
    expect(groupsOf(mined(lines), lines)).toHaveLength(lines.length)
  })

  it.each([
    ['names after user', USERS.map((user) => `login of user ${user} was refused`)],
    ['two names at once', USERS.map((user, i) => `mail of ${user} goes to ${USERS[(i + 3) % 7]} later on`)],
    ['lists of any length', ['ids 1', 'ids 1, 2', 'ids 1, 2, 3']],
    ['empty and full values', ['host= user=7 logged', 'host=10.0.0.1 user=7 logged']],
    ['dates', ['at Fri Jun 17 07:07:00 2005', 'at Sun Jul  3 1:02:03 2005']],
    ['units', ['freed 12 KB of memory', 'freed 1.5 GB of memory', 'freed 10 bytes of memory']],
    ['a name with digits beside names without', ['hello dear user fred1 again', 'hello dear user mary again']],
  ])('puts together: %s', (_, lines) => {
    expect(groupsOf(mined(lines), lines)).toHaveLength(1)
  })

  it('gives ids that stay when templates grow, by aliases', () => {
    const miner = new PatternMiner()
    const first = miner.observe('session opened for user root by (uid=0)')
    const others = USERS.map((user) => miner.observe(`session opened for user ${user} by (uid=0)`))
    miner.refine()
    const now = new Set([first, ...others].map((id) => miner.resolve(id)))
    expect([...now]).toEqual([miner.match('session opened for user somebody by (uid=0)').id])
  })

  it('returns what stands in the place of wildcards', () => {
    const miner = mined(USERS.map((user, i) => `session opened for user ${user} by (uid=${i})`))
    expect(miner.match('session opened for user bob by (uid=99)').values).toEqual(['bob', '99'])
  })

  it('is deterministic', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), (lines) => {
        expect(mined(lines).patterns()).toEqual(mined(lines).patterns())
      }),
      { numRuns: 50 },
    )
  })

  it('groups alike whatever the order and number of lines', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), fc.integer(), (lines, seed) => {
        const shuffled = [...lines, ...lines].map((text, i) => [Math.imul(i + seed, 0x9e3779b1), text] as const)
        shuffled.sort(([a], [b]) => a - b)
        const others = shuffled.map(([, text]) => text)
        expect(groupsOf(mined(others), lines)).toEqual(groupsOf(mined(lines), lines))
      }),
      { numRuns: 100 },
    )
  })

  it('merges miners to what one miner of all lines finds', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.array(line, { maxLength: 60 }), (some, more) => {
        const merged = mined(some)
        merged.merge(mined(more))
        const whole = mined([...some, ...more])
        expect(groupsOf(merged, [...some, ...more])).toEqual(groupsOf(whole, [...some, ...more]))
        const counts = (miner: PatternMiner): number[] => miner.patterns().map(({ count }) => count)
        expect(counts(merged)).toEqual(counts(whole))
      }),
      { numRuns: 100 },
    )
  })

  it('matches every line with the pattern that counts it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 80 }), (lines) => {
        const miner = new PatternMiner()
        const ids = lines.map((text) => miner.observe(text))
        const patterns = new Map(miner.patterns().map((pattern) => [pattern.id, pattern]))
        expect([...patterns.values()].reduce((sum, { count }) => sum + count, 0)).toBe(lines.length)
        lines.forEach((text, i) => {
          const match = miner.match(text)
          expect(patterns.has(match.id)).toBe(true)
          expect(patterns.has(miner.resolve(ids[i] as string))).toBe(true)
        })
      }),
      { numRuns: 100 },
    )
  })

  describe('stays within its bounds', () => {
    it('with 100,000 distinct words: patterns bounded, every line counted', () => {
      const miner = new PatternMiner({ maxPatterns: 500 })
      for (let i = 0; i < 50_000; i++) {
        miner.observe(`${letters(i)} ${letters(i * 7 + 1)} ${letters(i * 31 + 5)} ${letters(i + 9)}`)
      }
      const patterns = miner.patterns()
      expect(patterns.length).toBeLessThanOrEqual(501)
    })

    it('with few patterns allowed, also when miners merge', () => {
      fc.assert(
        fc.property(
          fc.array(line, { maxLength: 120 }),
          fc.array(line, { maxLength: 120 }),
          fc.integer({ min: 1, max: 9 }),
          (some, more, maxPatterns) => {
            const miner = mined(some, { maxPatterns })
            miner.merge(mined(more, { maxPatterns }))
            for (const text of some) miner.observe(text)
            const ids = miner
              .patterns()
              .map(({ id }) => id)
              .filter((id) => id !== OTHER_PATTERN_ID)
            expect(ids.length).toBeLessThanOrEqual(maxPatterns)
            expect(new Set(ids).size).toBe(ids.length)
          },
        ),
        { numRuns: 100 },
      )
    })

    it('with lines of a megabyte and deep JSON', () => {
      const miner = new PatternMiner()
      const lines = [
        'x'.repeat(1_000_000),
        'word '.repeat(200_000),
        `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
        '7 '.repeat(500_000),
        '('.repeat(1_000_000),
      ]
      const started = performance.now()
      for (let round = 0; round < 20; round++) for (const text of lines) miner.observe(text)
      expect(performance.now() - started).toBeLessThan(5_000)
      expect(miner.patterns()).toHaveLength(lines.length)
      expect(miner.patterns().every(({ template, sample }) => template.length < 10_000 && sample.length <= 512)).toBe(
        true,
      )
    })

    it('drops the longest unused pattern first, and keeps what templates have learned', () => {
      const miner = new PatternMiner({ maxPatterns: 60 })
      for (const user of USERS) miner.observe(`session opened for user ${user} today`)
      for (let i = 0; i < 2_000; i++) {
        miner.observe(`${letters(i)} is ${letters(i * 13)} and ${letters(i * 17)}`)
        if (i % 5 === 0) miner.observe(`session opened for user ${letters(i)} today`)
      }
      const session = miner.patterns().find(({ template }) => template.startsWith('session'))
      expect(session?.template).toBe('session opened for user <*> today')
      expect(session?.count).toBe(407)
    })
  })
})

function letters(n: number): string {
  let text = ''
  for (let rest = Math.imul(n + 1, 0x9e3779b1) >>> 0; rest > 0; rest = Math.floor(rest / 26)) {
    text += String.fromCharCode(97 + (rest % 26))
  }
  return text
}

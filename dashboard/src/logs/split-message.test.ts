import { describe, expect, it } from 'vitest'
import { searchTerms, splitMessage } from './split-message.ts'

function variables(message: string): string[] {
  return splitMessage(message, [])
    .filter((part) => part.kind === 'variable')
    .map((part) => part.text)
}

describe('splitMessage', () => {
  it.each([
    ['a request', 'GET /api/products/1184 200 in 42 ms from 203.0.113.27', ['1184', '200', '42', 'ms', '203.0.113.27']],
    ['an id and a count', 'attempt 3 of 3, order ord_8Fk2Qx', ['3', '3', 'ord_8Fk2Qx']],
    ['an id that happens to have no digit', 'order ord_hsFZxLZa confirmed', ['ord_hsFZxLZa']],
    ['a name with an underscore', 'metric_deltas of my_Topic', []],
    ['nothing that varies', 'connection pool exhausted', []],
    ['punctuation is not part of a number', 'took 1,824 ms: timed out', ['1,824', 'ms']],
  ])('%s', (_, message, expected) => {
    expect(variables(message)).toEqual(expected)
  })

  it('loses no character', () => {
    for (const message of ['', 'a  b\tc', 'ünïcode 日本 42%', '"quoted" {json: 1}', '🙂 5 s']) {
      expect(
        splitMessage(message, ['b'])
          .map((part) => part.text)
          .join(''),
      ).toBe(message)
    }
  })

  it('keeps a row on one line and bounded', () => {
    const text = splitMessage(`first\n  second${'x'.repeat(5_000)}`, [])
      .map((part) => part.text)
      .join('')
    expect(text.startsWith('first ⏎ second')).toBe(true)
    expect(text.length).toBeLessThan(620)
  })

  it('marks what was searched for, in any case', () => {
    expect(splitMessage('Payment TIMED out', ['timed out', 'pay'])).toEqual([
      { text: 'Pay', kind: 'match' },
      { text: 'ment ', kind: 'plain' },
      { text: 'TIMED out', kind: 'match' },
    ])
  })
})

describe('searchTerms', () => {
  it.each([
    ['words', 'timed out', ['timed', 'out']],
    ['a phrase is one term', '"timed out" order', ['timed out', 'order']],
    ['a prefix without its star', 'time*', ['time']],
    ['negated ones are not marked', 'order -debug -"not this"', ['order']],
    ['nothing', '  ', []],
  ])('%s', (_, text, expected) => {
    expect(searchTerms(text)).toEqual(expected)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeirError } from '../errors.ts'
import { matchesTextTerms } from './match-text.ts'
import { parseTextTerms } from './text-terms.ts'
import { FIELD_BREAK, tokensOf } from './tokens.ts'

const term = (kind: 'word' | 'prefix' | 'phrase', text: string, negated = false) => ({ kind, text, negated })

describe('parseTextTerms', () => {
  it.each([
    { title: 'nothing', text: '', terms: [] },
    { title: 'only space', text: ' \t\n', terms: [] },
    { title: 'words', text: '  gateway  timeout ', terms: [term('word', 'gateway'), term('word', 'timeout')] },
    { title: 'a prefix', text: 'time*', terms: [term('prefix', 'time')] },
    { title: 'a prefix with too many stars', text: 'time**', terms: [term('prefix', 'time')] },
    { title: 'a star that is not at the end', text: 'a*b', terms: [term('word', 'a*b')] },
    { title: 'a phrase', text: '"timed out"', terms: [term('phrase', 'timed out')] },
    {
      title: 'a phrase beside a word',
      text: 'a"b c"d',
      terms: [term('word', 'a'), term('phrase', 'b c'), term('word', 'd')],
    },
    {
      title: 'terms to leave out',
      text: '-a -b* -"c d"',
      terms: [term('word', 'a', true), term('prefix', 'b', true), term('phrase', 'c d', true)],
    },
    { title: 'a dash within a word', text: 'a-b', terms: [term('word', 'a-b')] },
    { title: 'what has no letter or digit, left out', text: '- -- => * "" "!" 🎉 x', terms: [term('word', 'x')] },
    { title: 'wide space', text: 'a\u3000b\u00a0c', terms: [term('word', 'a'), term('word', 'b'), term('word', 'c')] },
  ])('reads $title', ({ text, terms }) => {
    expect(parseTextTerms(text)).toEqual(terms)
  })

  it.each([
    { title: 'a quote that is not closed, with its place', text: 'a "b c', message: /character 3 / },
    { title: 'a quote to leave out that is not closed', text: '-"', message: /character 2 / },
    { title: 'too long a text', text: 'a'.repeat(1_025), message: /1025 characters/ },
    { title: 'too many terms', text: 'a '.repeat(33), message: /32 terms/ },
  ])('refuses $title', ({ text, message }) => {
    expect(() => parseTextTerms(text)).toThrow(expect.objectContaining({ code: 'WEIR_QUERY_INVALID' }))
    expect(() => parseTextTerms(text)).toThrow(message)
  })

  it('takes 32 terms and 1,024 characters', () => {
    expect(parseTextTerms('a '.repeat(32))).toHaveLength(32)
    expect(parseTextTerms('a'.repeat(1_024))).toHaveLength(1)
  })

  it('gives terms that can be matched, or a WeirError, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'binary' }), (text, body) => {
        try {
          matchesTextTerms(parseTextTerms(text), body)
        } catch (error) {
          expect(error).toBeInstanceOf(WeirError)
        }
      }),
    )
  })
})

describe('tokensOf', () => {
  it.each([
    { text: 'Größe: Café_7', tokens: ['große', 'cafe', '7'] },
    { text: 'İstanbul ISTANBUL', tokens: ['istanbul', 'istanbul'] },
    { text: 'ﬁle № ①', tokens: ['file', 'no', '1'] },
    { text: 'मराठी', tokens: ['मराठी'] },
    { text: '日本語 ログ', tokens: ['日本語', 'ログ'] },
    { text: '\ud800a', tokens: ['a'] },
    { text: 'GET /api/orders?id=1', tokens: ['get', 'api', 'orders', 'id', '1'] },
  ])('$text', ({ text, tokens }) => {
    expect(tokensOf(text)).toEqual(tokens)
  })

  it('is the same for the tokens themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const tokens = tokensOf(text)
        expect(tokensOf(tokens.join(' '))).toEqual(tokens)
      }),
    )
  })
})

it('a phrase does not reach from one field into the next', () => {
  const phrase = parseTextTerms('"a b"')
  expect(matchesTextTerms(phrase, 'a b')).toBe(true)
  expect(matchesTextTerms(phrase, `a${FIELD_BREAK}b`)).toBe(false)
})

import { describe, expect, it } from 'vitest'
import { AnswerCache } from './answer-cache.ts'

describe('AnswerCache', () => {
  it('has an answer of the version asked for only', () => {
    const cache = new AnswerCache(1_000)
    cache.set('q', 1, 'one')
    expect(cache.get('q', 1)).toBe('one')
    expect(cache.get('q', 2)).toBeUndefined()
    cache.set('q', 2, 'two')
    expect(cache.get('q', 1)).toBeUndefined()
    expect(cache.get('q', 2)).toBe('two')
    expect(cache.size).toBe(1)
  })

  it('drops what was used longest ago once the text passes the bound', () => {
    const cache = new AnswerCache(9)
    cache.set('a', 1, '..')
    cache.set('b', 1, '..')
    cache.set('c', 1, '..')
    expect(cache.get('a', 1)).toBe('..')
    cache.set('d', 1, '..')
    expect(cache.get('b', 1)).toBeUndefined()
    expect(['a', 'c', 'd'].map((key) => cache.get(key, 1))).toEqual(['..', '..', '..'])
  })

  it('does not keep one that is larger than the bound', () => {
    const cache = new AnswerCache(3)
    cache.set('a', 1, 'long')
    expect(cache.size).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { AliasTable } from './alias-table.ts'

describe('AliasTable', () => {
  it('follows a chain of aliases', () => {
    const aliases = new AliasTable(10)
    aliases.add('a', 'b')
    aliases.add('b', 'c')
    expect(['a', 'b', 'c', 'd'].map((id) => aliases.resolve(id))).toEqual(['c', 'c', 'c', 'd'])
  })

  it('never makes a circle', () => {
    const aliases = new AliasTable(10)
    aliases.add('a', 'b')
    aliases.add('b', 'a')
    aliases.add('c', 'c')
    expect(['a', 'b', 'c'].map((id) => aliases.resolve(id))).toEqual(['b', 'b', 'c'])
  })

  it('makes none either when an id in the middle of a chain gets a new successor', () => {
    const aliases = new AliasTable(10)
    aliases.add('x', 'a')
    aliases.add('a', 'y')
    aliases.add('a', 'x')
    expect(aliases.resolve('x')).toBe('a')
    expect(aliases.resolve('a')).toBe('a')
  })

  it('forgets the oldest beyond its bound', () => {
    const aliases = new AliasTable(2)
    for (const id of ['a', 'b', 'c']) aliases.add(id, 'z')
    expect(['a', 'b', 'c'].map((id) => aliases.resolve(id))).toEqual(['a', 'z', 'z'])
  })

  it('lets an id stand for itself again', () => {
    const aliases = new AliasTable(2)
    aliases.add('a', 'b')
    aliases.release('a')
    expect(aliases.resolve('a')).toBe('a')
  })
})

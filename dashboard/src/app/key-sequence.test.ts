import { describe, expect, it } from 'vitest'
import { type KeyPress, NO_SEQUENCE, readKey } from './key-sequence.ts'

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return { key, withModifier: false, inField: false, timeMs: 0, ...change }
}

function read(...presses: KeyPress[]): (string | undefined)[] {
  let state = NO_SEQUENCE
  return presses.map((item) => {
    const [next, shortcut] = readKey(state, item)
    state = next
    return shortcut
  })
}

describe('readKey', () => {
  it.each<[string, KeyPress[], (string | undefined)[]]>([
    ['a single key', [press('/')], ['/']],
    ['a pair', [press('g'), press('l', { timeMs: 900 })], [undefined, 'g l']],
    ['a second key too late counts alone', [press('g'), press('l', { timeMs: 1_001 })], [undefined, 'l']],
    ['typing in a field', [press('/', { inField: true })], [undefined]],
    ['a browser shortcut', [press('l', { withModifier: true })], [undefined]],
    [
      'a field between the two ends the pair',
      [press('g'), press('x', { inField: true }), press('l')],
      [undefined, undefined, 'l'],
    ],
    ['a named key', [press('Escape')], [undefined]],
  ])('%s', (_, presses, expected) => {
    expect(read(...presses)).toEqual(expected)
  })
})

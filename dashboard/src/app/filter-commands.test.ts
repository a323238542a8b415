import { describe, expect, it } from 'vitest'
import { filterCommands } from './filter-commands.ts'

const COMMANDS = ['Overview', 'Logs', 'Logs of checkout', 'Logs of shop-api', 'Show all keys'].map((name) => ({ name }))

describe('filterCommands', () => {
  it.each([
    ['nothing typed shows all', '', COMMANDS.length],
    ['any case', 'OVER', 1],
    ['every word must be there', 'logs check', 1],
    ['nothing fits', 'zebra', 0],
  ])('%s', (_, text, count) => {
    expect(filterCommands(COMMANDS, text)).toHaveLength(count)
  })

  it('puts names that begin with the text first', () => {
    expect(filterCommands(COMMANDS, 'sho').map((command) => command.name)).toEqual([
      'Show all keys',
      'Logs of shop-api',
    ])
  })
})

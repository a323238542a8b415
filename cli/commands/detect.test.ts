import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { detect } from './detect.ts'

let directory = ''
const file = (name: string): string => join(directory, name)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-detect-'))
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true })
})

async function scoresOf(csv: string, plot?: string): Promise<string[]> {
  writeFileSync(file('in.csv'), csv)
  await detect({ input: file('in.csv'), output: file('out.csv'), ...(plot === undefined ? {} : { plot }) })
  return readFileSync(file('out.csv'), 'utf8').split('\n')
}

function rows(count: number, value: (i: number) => string | number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.UTC(2014, 3, 1) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ')
    return `${time},${value(i)}`
  })
}

const wave = (i: number): number => 100 + 20 * Math.sin(i / 9) + ((i * 7919) % 13)

describe('weir detect', () => {
  it('writes each row as it is, with a score in 0..1, and an alarm where the series breaks', async () => {
    const data = rows(3_500, (i) => (i >= 3_000 && i < 3_020 ? 400 : wave(i)))
    const lines = await scoresOf(['timestamp,value', ...data, ''].join('\n'))
    expect(lines[0]).toBe('timestamp,value,anomaly_score')
    expect(lines.slice(1, -1).map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual(data)
    const scores = lines.slice(1, -1).map((line) => Number(line.split(',')[2]))
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
    expect(scores.slice(3_000, 3_020).some((score) => score > 0.5)).toBe(true)
  })

  it.each<[string, string, string]>([
    [
      'Windows line ends and a byte order mark',
      '\uFEFFtimestamp,value\r\n2014-04-01 00:00:00,1\r\n',
      '2014-04-01 00:00:00,1,0.000000',
    ],
    [
      'columns in another order, and more of them',
      'host,value,timestamp\na,5,2014-04-01T00:00:00Z\n',
      '2014-04-01T00:00:00Z,5,0.000000',
    ],
    ['a value that is none', 'timestamp,value\n2014-04-01 00:00:00,NaN\n', '2014-04-01 00:00:00,NaN,0.000000'],
    ['a missing value', 'timestamp,value\n2014-04-01 00:00:00,\n', '2014-04-01 00:00:00,,0.000000'],
    ['an empty line', 'timestamp,value\n\n2014-04-01 00:00:00,1\n', '2014-04-01 00:00:00,1,0.000000'],
  ])('reads %s', async (_, csv, row) => {
    expect((await scoresOf(csv))[1]).toBe(row)
  })

  it.each<[string, string, RegExp]>([
    ['an empty file', '', /is empty/],
    ['other columns', 'time,count\n1,2\n', /must name the columns timestamp and value/],
    [
      'a time that is none',
      'timestamp,value\n2014-04-01 00:00:00,1\nyesterday,2\n',
      /Line 3 of .*"yesterday" is no time/,
    ],
  ])('refuses %s', async (_, csv, message) => {
    await expect(scoresOf(csv)).rejects.toThrow(message)
  })

  it('refuses a file that is not there', async () => {
    await expect(detect({ input: file('none.csv'), output: file('out.csv') })).rejects.toThrow(/none\.csv .*ENOENT/)
  })

  it('draws a page with an alarm, however long the series, and escapes what it shows', async () => {
    const data = rows(9_000, (i) => (i >= 8_000 && i < 8_020 ? 400 : wave(i)))
    await scoresOf(['timestamp,value', ...data].join('\n'), file('<plot>.html'))
    const html = readFileSync(file('<plot>.html'), 'utf8')
    expect(html).toContain('<circle class="alarm"')
    expect(html).not.toMatch(/NaN|Infinity|undefined/)
    expect(html.length).toBeLessThan(400_000)
  })
})

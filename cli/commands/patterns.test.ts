import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

describe('weir patterns', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'weir-patterns-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  async function patterns(text: string, ...args: string[]): Promise<{ rows: string[]; shown: string }> {
    const input = join(dir, 'app.log')
    const output = join(dir, 'out.csv')
    await writeFile(input, text)
    const { stdout } = await run(process.execPath, [MAIN, 'patterns', '--input', input, '--output', output, ...args])
    return { rows: (await readFile(output, 'utf8')).split('\r\n'), shown: stdout }
  }

  it('writes a row a line, in order, also for empty lines and a last one without an end', async () => {
    const { rows, shown } = await patterns('took 5 ms, "fast"\r\n\ntook 7 ms, "fast"\nbye')
    const ids = rows.slice(1, 5).map((row) => row.split(',')[1])
    expect(rows[0]).toBe('line,pattern_id,template')
    expect(rows[1]).toBe(`1,${ids[0]},"took <duration>, ""fast"""`)
    expect(rows[2]).toBe(`2,${ids[1]},`)
    expect(rows[3]).toBe(`3,${ids[0]},"took <duration>, ""fast"""`)
    expect(rows[4]).toBe(`4,${ids[3]},bye`)
    expect(rows.slice(5)).toEqual([''])
    expect(shown).toContain('4 lines are 3 patterns.')
  })

  it('gives early lines the template that later ones show', async () => {
    const { rows } = await patterns(
      ['ann', 'bob', 'cyd', 'dan', 'eve'].map((name) => `mail of user ${name} was read`).join('\n'),
    )
    expect(new Set(rows.slice(1, 6).map((row) => row.slice(2)))).toHaveProperty('size', 1)
  })

  it('takes the message out of JSON lines', async () => {
    const { rows } = await patterns(
      '{"level":"info","message":"order 7 sent"}\n{"level":"warn","message":"order 8 sent"}',
    )
    expect(rows[1]?.slice(2)).toBe(rows[2]?.slice(2))
    expect(rows[1]).toContain('order <number> sent')
  })

  it('names the file that can not be read', async () => {
    const args = [MAIN, 'patterns', '--input', join(dir, 'none.log'), '--output', join(dir, 'out.csv')]
    await expect(run(process.execPath, args)).rejects.toThrow(/none\.log can not be read \(ENOENT\)/)
  })
})

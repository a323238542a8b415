import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLog } from './log.ts'

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-log-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

describe('the log', () => {
  it('has each line in its file as soon as it was logged', () => {
    const dir = tempDir()
    openLog(dir, 'info', 'main').info({ records: 3 }, 'hello')
    expect(JSON.parse(readFileSync(join(dir, 'weir.log'), 'utf8'))).toMatchObject({
      thread: 'main',
      records: 3,
      msg: 'hello',
    })
  })

  it.skipIf(!existsSync('/dev/full'))('on a full disk loses lines, not the process', async () => {
    const dir = tempDir()
    symlinkSync('/dev/full', join(dir, 'weir.log'))
    const log = openLog(dir, 'info', 'main')
    for (let i = 0; i < 10; i++) log.info('no room for this')
    // An error of an asynchronous write would end the test run here.
    await new Promise((resolve) => setImmediate(resolve))
    log.info('nor for this')
  })
})

import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino, { type Logger } from 'pino'

const MAX_LOG_BYTES = 16 * 1024 * 1024

/**
 * Weir's own log: JSON lines in DATA_DIR/weir.log, and warnings and errors as plain lines on stderr too.
 *
 * @param thread name that each line carries
 */
export function openLog(dataDir: string, level: string, thread: string): Logger {
  const file = pino.destination({ dest: join(dataDir, 'weir.log'), append: true, sync: false, mkdir: true })
  return pino(
    { level, base: { thread }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream([
      { level: level as pino.Level, stream: file },
      { level: 'warn', stream: plainLines },
    ]),
  )
}

/** Keeps one older log beside the current one; called once, before any thread logs. */
export function rotateLog(dataDir: string): void {
  const file = join(dataDir, 'weir.log')
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`)
}

interface LogLine {
  readonly level: number
  readonly thread: string
  readonly msg?: string
  readonly err?: { readonly message?: string }
}

const plainLines = new Writable({
  write(chunk: Buffer, _encoding, done) {
    const { level, thread, msg = '', err } = JSON.parse(chunk.toString()) as LogLine
    const cause = err?.message ? `: ${err.message}` : ''
    process.stderr.write(`weir ${pino.levels.labels[level] ?? 'log'} [${thread}] ${msg}${cause}\n`)
    done()
  },
})

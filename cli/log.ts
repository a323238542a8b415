import { existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
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
  const file = new LogFile(join(dataDir, 'weir.log'))
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

/**
 * Lines are few, and written at once: the last ones before a crash are there. A full disk costs lines, which are counted,
 * but never ends the process.
 */
class LogFile implements pino.DestinationStream {
  readonly #fd: number
  #lost = 0

  constructor(path: string) {
    this.#fd = openSync(path, 'a')
  }

  write(line: string): void {
    try {
      // After a torn line the next one begins on its own.
      const lost =
        this.#lost === 0 ? '' : `\n${JSON.stringify({ level: 40, lost: this.#lost, msg: 'lines were lost' })}\n`
      writeSync(this.#fd, lost + line)
      this.#lost = 0
    } catch (cause) {
      if (this.#lost++ === 0) process.stderr.write(`weir warn weir.log can not grow: ${(cause as Error).message}\n`)
    }
  }
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

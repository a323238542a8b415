import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const DAY_MS = 86_400_000

/** A file that holds one period of a store. */
export interface PeriodFile {
  readonly path: string
  readonly startMs: number
  readonly endMs: number
}

/**
 * The files of a store that cover a period of whole days each, aligned to the epoch, named by its first day (UTC):
 * `logs-2026-11-22.db`. Retention drops whole files.
 */
export class PeriodFiles {
  readonly #dir: string
  readonly #prefix: string
  readonly periodMs: number

  /** @param periodMs a multiple of a day */
  constructor(dir: string, prefix: string, periodMs: number) {
    if (!(periodMs > 0) || periodMs % DAY_MS !== 0) throw new RangeError(`a period of ${periodMs} ms is not in days`)
    this.#dir = dir
    this.#prefix = prefix
    this.periodMs = periodMs
  }

  /** Start of the period that holds the time. */
  startOf(timeMs: number): number {
    return Math.floor(timeMs / this.periodMs) * this.periodMs
  }

  /** The file for a time, there or not. */
  at(timeMs: number): PeriodFile {
    const startMs = this.startOf(timeMs)
    const day = new Date(startMs).toISOString().slice(0, -'T00:00:00.000Z'.length)
    return { path: join(this.#dir, `${this.#prefix}-${day}.db`), startMs, endMs: startMs + this.periodMs }
  }

  /** Those that are there, oldest first. */
  list(): PeriodFile[] {
    const files: PeriodFile[] = []
    for (const name of readdirSync(this.#dir)) {
      if (!name.startsWith(`${this.#prefix}-`) || !name.endsWith('.db')) continue
      const startMs = Date.parse(name.slice(this.#prefix.length + 1, -'.db'.length))
      if (Number.isNaN(startMs) || startMs % this.periodMs !== 0) continue
      files.push({ path: join(this.#dir, name), startMs, endMs: startMs + this.periodMs })
    }
    return files.sort((a, b) => a.startMs - b.startMs)
  }
}

/** When the file or its write-ahead log was last written, ms since the epoch. */
export function lastWrittenMs(file: PeriodFile): number {
  const times = [file.path, `${file.path}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return Math.max(...times)
}

/** Readers that have the file open keep their view of it. */
export function removePeriodFile(file: PeriodFile): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file.path + suffix, { force: true })
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000

export interface BackgroundLoopOptions {
  /** What it does, for the log: `follow topic metrics`. */
  readonly name: string
  /** One piece of work; waits by itself where there is none. */
  readonly round: (signal: AbortSignal) => Promise<void>
  /** After a failed round and at the end, also while one runs: gives up what the rounds opened. */
  readonly reset: () => Promise<void>
  readonly logger: Logger
}

/** Repeats a round until stopped. A round that fails is tried again, later each time, from a clean start. */
export class BackgroundLoop {
  readonly #options: BackgroundLoopOptions
  readonly #stopped = new AbortController()
  #running: Promise<void> | undefined
  #problem: string | undefined

  constructor(options: BackgroundLoopOptions) {
    this.#options = options
  }

  /** Why the last round failed; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    // A round that waits for records ends once its consumer is closed; what it opened or read meanwhile goes after it.
    await this.#options.reset()
    await this.#running
    await this.#options.reset()
  }

  async #run(): Promise<void> {
    const { name, round, reset, logger } = this.#options
    const { signal } = this.#stopped
    let failures = 0
    while (!signal.aborted) {
      try {
        if (this.#problem !== undefined) await reset()
        await round(signal)
        if (failures > 0) logger.info(`able to ${name} again`)
        failures = 0
        this.#problem = undefined
      } catch (error) {
        if (signal.aborted) return
        const retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2)
        failures++
        this.#problem = `can not ${name}: ${error instanceof Error ? error.message : String(error)}`
        logger.warn({ err: error, retryMs: Math.round(retryMs) }, this.#problem)
        await pause(retryMs, signal)
      }
    }
  }
}

/** Ends early, without an error, when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

import type { Answer, Query } from '../api/answers.ts'

export interface Progress {
  readonly completeToMs: number | null
  readonly nowMs: number
}

export interface ConnectionEvents {
  readonly onOpen: () => void
  readonly onAnswer: (answer: Answer) => void
  readonly onProgress: (progress: Progress) => void
  /** The stream broke; it is opened again after `retryInMs`. */
  readonly onLost: (retryInMs: number) => void
}

const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 15_000

/** Exponential with full jitter in the upper half, so that many tabs do not return together. @param attempt ≥ 0 */
export function retryDelayMs(attempt: number, random: number): number {
  const ceilingMs = Math.min(FIRST_RETRY_MS * 2 ** attempt, MAX_RETRY_MS)
  return Math.round(ceilingMs * (0.5 + random / 2))
}

export function liveUrl(queries: readonly Query[]): string {
  return `/api/live?queries=${encodeURIComponent(JSON.stringify({ queries }))}`
}

/**
 * One stream of answers. EventSource's own reconnecting gives up on an error status and has no backoff, so a broken
 * stream is closed and opened anew; the server then sends every answer again.
 */
export class LiveConnection {
  readonly #url: string
  readonly #events: ConnectionEvents
  #source: EventSource | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #attempt = 0

  constructor(queries: readonly Query[], events: ConnectionEvents) {
    this.#url = liveUrl(queries)
    this.#events = events
    this.#open()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }

  #open(): void {
    const source = new EventSource(this.#url)
    this.#source = source
    source.onopen = () => {
      this.#attempt = 0
      this.#events.onOpen()
    }
    source.addEventListener('answer', (event) => this.#events.onAnswer(JSON.parse(event.data) as Answer))
    source.addEventListener('progress', (event) => this.#events.onProgress(JSON.parse(event.data) as Progress))
    source.onerror = () => {
      source.close()
      const delayMs = retryDelayMs(this.#attempt++, Math.random())
      this.#events.onLost(delayMs)
      this.#timer = setTimeout(() => this.#open(), delayMs)
    }
  }
}

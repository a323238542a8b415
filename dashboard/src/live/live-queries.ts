import type { Answer, Query, Question } from '../api/answers.ts'
import { type Failure, failureFrom } from '../api/failure.ts'
import type { ConnectionEvents, Progress } from './live-connection.ts'

export interface AnswerState {
  /** The newest good answer; kept when a later one failed. */
  readonly answer?: Exclude<Answer, { type: 'error' }>
  /** Why the last attempt failed. */
  readonly failure?: Failure
  /** Browser's clock, ms since the epoch. */
  readonly receivedAtMs?: number
}

export type ConnectionState = 'paused' | 'connecting' | 'open' | 'lost'

export interface LiveStatus {
  readonly connection: ConnectionState
  readonly progress?: Progress
  /** The server's clock less the browser's. */
  readonly skewMs: number
  /** Where time stands still while not live. Server's clock, ms since the epoch */
  readonly pausedAtMs?: number
  /** When the last answer or mark came. Browser's clock, ms since the epoch */
  readonly heardAtMs?: number
}

export interface Transport {
  connect(queries: readonly Query[], events: ConnectionEvents): { close(): void }
  ask(queries: Query[]): Promise<Answer[]>
  /** Runs the callback once, soon; many answers of one moment make one render. */
  soon(callback: () => void): void
  now(): number
}

interface Entry {
  readonly id: string
  readonly question: Question
  readonly listeners: Set<() => void>
  state: AnswerState
}

const NOTHING: AnswerState = {}
/** The server's bound on one request. */
const MAX_QUERIES = 20
/** Answers of questions that nobody watches now, kept so that going back shows them at once. */
const MAX_IDLE_ENTRIES = 60

/**
 * Answers to whatever the panels on screen watch: over one stream while live, by one request otherwise. A listener is
 * called only when its own answer changed.
 */
export class LiveQueries {
  readonly #transport: Transport
  readonly #entries = new Map<string, Entry>()
  readonly #statusListeners = new Set<() => void>()
  readonly #changed = new Set<Entry>()
  #status: LiveStatus = { connection: 'connecting', skewMs: 0 }
  #statusChanged = false
  #flushPlanned = false
  #syncPlanned = false
  #live = true
  #visible = true
  #connection: { close(): void } | undefined
  #connectedTo = ''
  #nextId = 1

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** @returns function that ends watching */
  watch(question: Question, listener: () => void): () => void {
    const key = JSON.stringify(question)
    let entry = this.#entries.get(key)
    if (!entry) {
      entry = { id: `q${this.#nextId++}`, question, listeners: new Set(), state: NOTHING }
      this.#entries.set(key, entry)
    }
    const watched = entry
    watched.listeners.add(listener)
    this.#planSync()
    return () => {
      watched.listeners.delete(listener)
      this.#planSync()
    }
  }

  state(question: Question): AnswerState {
    return this.#entries.get(JSON.stringify(question))?.state ?? NOTHING
  }

  watchStatus = (listener: () => void): (() => void) => {
    this.#statusListeners.add(listener)
    return () => this.#statusListeners.delete(listener)
  }

  status = (): LiveStatus => this.#status

  setLive(live: boolean): void {
    if (this.#live === live) return
    this.#live = live
    const { pausedAtMs: _, ...status } = this.#status
    this.#status = live ? status : { ...status, pausedAtMs: this.#transport.now() + status.skewMs }
    this.#statusChanged = true
    this.#planFlush()
    this.#planSync()
  }

  /** Now by the server's clock, or the moment that the page was paused. ms since the epoch */
  nowMs(): number {
    return this.#status.pausedAtMs ?? this.#transport.now() + this.#status.skewMs
  }

  /** A hidden page lets its stream go, and takes it up again when it is seen. */
  setVisible(visible: boolean): void {
    if (this.#visible === visible) return
    this.#visible = visible
    this.#planSync()
  }

  /** Asks again, whatever is known: after a failure, or to refresh a page that is not live. */
  retry(question: Question): void {
    const entry = this.#entries.get(JSON.stringify(question))
    if (entry) this.#ask([entry])
  }

  /** Opens the stream anew at once, instead of when its wait ends. */
  reconnect(): void {
    this.#disconnect()
    this.#planSync()
  }

  #planSync(): void {
    if (this.#syncPlanned) return
    this.#syncPlanned = true
    this.#transport.soon(() => {
      this.#syncPlanned = false
      this.#sync()
    })
  }

  #sync(): void {
    const watched = [...this.#entries.values()].filter((entry) => entry.listeners.size > 0)
    this.#forgetIdle()
    if (!this.#live || !this.#visible) {
      this.#disconnect()
      if (!this.#live) {
        this.#setStatus({ connection: 'paused' })
        this.#ask(watched.filter((entry) => entry.state.answer === undefined))
      }
      return
    }
    const target = watched.map((entry) => entry.id).join(' ')
    if (target === this.#connectedTo) return
    this.#disconnect()
    if (watched.length === 0) return
    if (watched.length > MAX_QUERIES)
      throw new RangeError(`A page may watch ${MAX_QUERIES} queries, not ${watched.length}.`)
    this.#connectedTo = target
    if (this.#status.connection !== 'open') this.#setStatus({ connection: 'connecting' })
    this.#connection = this.#transport.connect(
      watched.map((entry) => ({ ...entry.question, id: entry.id })),
      {
        onOpen: () => this.#setStatus({ connection: 'open' }),
        onAnswer: (answer) => this.#take(answer),
        onProgress: (progress) => {
          const heardAtMs = this.#transport.now()
          this.#setStatus({ connection: 'open', progress, skewMs: progress.nowMs - heardAtMs, heardAtMs })
        },
        onLost: () => this.#setStatus({ connection: 'lost' }),
      },
    )
  }

  #disconnect(): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#connectedTo = ''
  }

  #ask(entries: Entry[]): void {
    for (let start = 0; start < entries.length; start += MAX_QUERIES) {
      const part = entries.slice(start, start + MAX_QUERIES)
      const queries = part.map((entry): Query => ({ ...this.#held(entry.question), id: entry.id }))
      this.#transport.ask(queries).then(
        (answers) => {
          for (const answer of answers) this.#take(answer)
        },
        (error: unknown) => {
          const failure = failureFrom(error)
          for (const entry of part) this.#update(entry, { ...entry.state, failure })
        },
      )
    }
  }

  /** A paused page asks for the stretch it shows, not for one that ends later. */
  #held(question: Question): Question {
    const { pausedAtMs } = this.#status
    if (pausedAtMs === undefined || !('lastMs' in question.range)) return question
    const toMs = Math.round(pausedAtMs)
    return { ...question, range: { fromMs: toMs - question.range.lastMs, toMs } }
  }

  #take(answer: Answer): void {
    const entry = [...this.#entries.values()].find((candidate) => candidate.id === answer.id)
    if (!entry) return
    const receivedAtMs = this.#transport.now()
    if (answer.type === 'error') {
      this.#update(entry, { ...entry.state, failure: { code: answer.code, message: answer.message } })
    } else {
      this.#update(entry, { answer, receivedAtMs })
    }
    this.#setStatus({ heardAtMs: receivedAtMs })
  }

  #update(entry: Entry, state: AnswerState): void {
    entry.state = state
    this.#changed.add(entry)
    this.#planFlush()
  }

  #setStatus(change: Partial<LiveStatus>): void {
    this.#status = { ...this.#status, ...change }
    this.#statusChanged = true
    this.#planFlush()
  }

  #planFlush(): void {
    if (this.#flushPlanned) return
    this.#flushPlanned = true
    this.#transport.soon(() => {
      this.#flushPlanned = false
      const entries = [...this.#changed]
      this.#changed.clear()
      for (const entry of entries) for (const listener of entry.listeners) listener()
      if (!this.#statusChanged) return
      this.#statusChanged = false
      for (const listener of this.#statusListeners) listener()
    })
  }

  /** Oldest first: a Map keeps the order of insertion. */
  #forgetIdle(): void {
    const idle = [...this.#entries].filter(([, entry]) => entry.listeners.size === 0)
    for (const [key] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE_ENTRIES))) this.#entries.delete(key)
  }
}

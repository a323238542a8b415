import type { ServerResponse } from 'node:http'
import { withId } from '../query/query-engine.ts'
import type { LiveQuery } from './live-query.ts'

export interface ConnectionLimits {
  readonly maxBufferedBytes: number
  readonly stalledMs: number
}

/**
 * One client's stream of server-sent events. While its socket is full nothing is written for it: what changed meanwhile
 * is noted, and only the newest state of each is sent once there is room.
 */
export class LiveConnection {
  /** By query, the ids under which this client asked it. */
  readonly idsByQuery: ReadonlyMap<LiveQuery, readonly string[]>
  /** Times that a full socket was passed over. */
  skipped = 0
  readonly #response: ServerResponse
  readonly #limits: ConnectionLimits
  readonly #changed = new Set<LiveQuery>()
  /** Asked at the connection's start and not answered yet. */
  readonly #awaited: Set<LiveQuery>
  #progress: string | undefined
  #sentId = false
  #fullSinceMs: number | undefined

  /** @param awaited queries whose first answer is still to come */
  constructor(
    response: ServerResponse,
    idsByQuery: ReadonlyMap<LiveQuery, readonly string[]>,
    awaited: Iterable<LiveQuery>,
    limits: ConnectionLimits,
  ) {
    this.#response = response
    this.idsByQuery = idsByQuery
    this.#awaited = new Set(awaited)
    this.#limits = limits
  }

  /** Whether the query's first answer is still to come. */
  awaits(query: LiveQuery): boolean {
    return this.#awaited.has(query)
  }

  /** @param changed false: the client has the answer already, from before it came back */
  noteFirst(query: LiveQuery, changed: boolean): void {
    this.#awaited.delete(query)
    if (changed) this.#changed.add(query)
  }

  noteChange(query: LiveQuery): void {
    this.#changed.add(query)
  }

  /** @param json of the newest progress; it replaces one that could not be sent yet */
  noteProgress(json: string): void {
    this.#progress = json
  }

  /**
   * Sends what is noted, if the socket has room. The last event carries the id only when nothing is owed: a client that
   * comes back with it has everything up to there.
   */
  flush(eventId: string): void {
    // The client may have left while its first answers were computed.
    if (this.#response.writableEnded || this.#response.destroyed) return
    if (this.#isFull()) {
      if (this.#changed.size > 0 || this.#progress !== undefined) this.skipped++
      return
    }
    const events: string[] = []
    for (const query of this.#changed) {
      if (query.tail === undefined) continue
      for (const id of this.idsByQuery.get(query) ?? []) events.push(`event: answer\ndata: ${withId(id, query.tail)}\n`)
    }
    if (this.#progress !== undefined) events.push(`event: progress\ndata: ${this.#progress}\n`)
    this.#changed.clear()
    this.#progress = undefined
    const complete = this.#awaited.size === 0
    if (events.length === 0 && (this.#sentId || !complete)) return
    if (complete) {
      events.push(`id: ${eventId}\n${events.pop() ?? ''}`)
      this.#sentId = true
    }
    this.#response.write(`${events.join('\n')}\n`)
  }

  keepAlive(): void {
    if (!this.#isFull()) this.#response.write(': keep-alive\n\n')
  }

  /** Whether the socket has been full for so long that the client is given up. */
  isStalled(nowMs: number): boolean {
    if (!this.#isFull()) {
      this.#fullSinceMs = undefined
      return false
    }
    this.#fullSinceMs ??= nowMs
    return nowMs - this.#fullSinceMs >= this.#limits.stalledMs
  }

  end(): void {
    this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }

  #isFull(): boolean {
    return this.#response.writableLength > this.#limits.maxBufferedBytes
  }
}

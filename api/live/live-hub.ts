import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { type Clock, WeirError } from '@weir/core'
import type { ApiLimits } from '../limits.ts'
import type { Progress } from '../progress/progress.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import type { Query } from '../schemas/query.ts'
import { LiveConnection } from './live-connection.ts'
import { type LiveQuery, liveQueryKey } from './live-query.ts'

/** Marks of several partitions arrive within a few ms of each other; one computation serves them all. */
const COALESCE_MS = 40

export interface LiveHubOptions {
  readonly engine: Pick<QueryEngine, 'answer' | 'stamp'>
  readonly progress: Pick<Progress, 'completeToMs' | 'onChange'>
  readonly clock: Clock
  readonly limits: ApiLimits
}

/** Computes each followed query once per tick, if its answer may have changed, and sends the change to all followers. */
export class LiveHub {
  readonly #options: LiveHubOptions
  readonly #queries = new Map<string, LiveQuery>()
  readonly #connections = new Set<LiveConnection>()
  /** Change numbers mean nothing to another process or a later one. */
  readonly #epoch = randomBytes(6).toString('hex')
  readonly #stopFollowing: () => void
  #changes = 0
  #skippedByGone = 0
  #tickTimer: NodeJS.Timeout | undefined
  #tickDueMs = Number.POSITIVE_INFINITY
  #lastTickMs = Number.NEGATIVE_INFINITY
  #keepAliveTimer: NodeJS.Timeout | undefined

  constructor(options: LiveHubOptions) {
    this.#options = options
    this.#stopFollowing = options.progress.onChange(() => this.#progressed())
  }

  get counters(): Readonly<Record<string, number>> {
    const skipped = [...this.#connections].reduce((sum, connection) => sum + connection.skipped, this.#skippedByGone)
    return { live_connections: this.#connections.size, live_queries: this.#queries.size, live_skipped: skipped }
  }

  /** @throws WEIR_OVERLOADED */
  checkRoom(): void {
    const { maxSubscribers } = this.#options.limits
    if (this.#connections.size < maxSubscribers) return
    throw new WeirError('WEIR_OVERLOADED', `${maxSubscribers} live connections are open already; try again later.`)
  }

  /**
   * Sends the answers of the queries at once and their changes until the response closes.
   *
   * @param response    with its head written
   * @param lastEventId that the client got last, if it comes back
   */
  connect(response: ServerResponse, queries: readonly Query[], lastEventId: string | undefined): void {
    const idsByQuery = new Map<LiveQuery, string[]>()
    for (const query of queries) {
      const live = this.#followed(query)
      idsByQuery.set(live, [...(idsByQuery.get(live) ?? []), query.id])
    }
    const connection = new LiveConnection(response, idsByQuery, idsByQuery.keys(), this.#options.limits)
    this.#connections.add(connection)
    response.on('close', () => this.#disconnect(connection))
    connection.noteProgress(this.#progressJson())
    const seen = this.#changeSeen(lastEventId)
    for (const live of idsByQuery.keys()) {
      live.connections.add(connection)
      void this.#sendFirst(live, connection, seen)
    }
    this.#keepAliveTimer ??= setInterval(() => this.#keepAlive(), this.#options.limits.keepAliveMs)
    this.#schedule(this.#options.limits.tickMs)
  }

  /** Ends every connection. */
  close(): void {
    this.#stopFollowing()
    for (const connection of this.#connections) {
      connection.end()
      this.#disconnect(connection)
    }
  }

  #followed(query: Query): LiveQuery {
    const key = liveQueryKey(query)
    const known = this.#queries.get(key)
    if (known) return known
    const live: LiveQuery = {
      query,
      connections: new Set(),
      tail: undefined,
      stamp: undefined,
      changedAt: 0,
      refreshing: undefined,
    }
    this.#queries.set(key, live)
    return live
  }

  async #sendFirst(live: LiveQuery, connection: LiveConnection, seen: number): Promise<void> {
    await this.#refresh(live)
    connection.noteFirst(live, live.changedAt > seen)
    connection.flush(this.#eventId())
  }

  /** Never rejects: the engine answers failures too. */
  #refresh(live: LiveQuery): Promise<void> {
    live.refreshing ??= this.#compute(live).finally(() => {
      live.refreshing = undefined
    })
    return live.refreshing
  }

  async #compute(live: LiveQuery): Promise<void> {
    const { engine } = this.#options
    const stamp = engine.stamp(live.query)
    if (stamp === live.stamp) return
    const { tail, failed } = await engine.answer(live.query)
    // A failure may pass: it is asked again at the next tick.
    live.stamp = failed ? undefined : stamp
    if (tail === live.tail) return
    live.tail = tail
    live.changedAt = ++this.#changes
    for (const connection of live.connections) {
      if (connection.awaits(live)) continue
      connection.noteChange(live)
      connection.flush(this.#eventId())
    }
  }

  #progressed(): void {
    if (this.#connections.size === 0) return
    const json = this.#progressJson()
    for (const connection of this.#connections) connection.noteProgress(json)
    const restMs = this.#lastTickMs + this.#options.limits.tickMs - performance.now()
    this.#schedule(Math.max(COALESCE_MS, restMs))
  }

  #schedule(delayMs: number): void {
    const dueMs = performance.now() + delayMs
    if (dueMs >= this.#tickDueMs) return
    clearTimeout(this.#tickTimer)
    this.#tickDueMs = dueMs
    this.#tickTimer = setTimeout(() => this.#tick(), delayMs)
  }

  #tick(): void {
    const nowMs = performance.now()
    this.#lastTickMs = nowMs
    this.#tickDueMs = Number.POSITIVE_INFINITY
    for (const live of this.#queries.values()) void this.#refresh(live)
    for (const connection of this.#connections) {
      if (connection.isStalled(nowMs)) connection.destroy()
      else connection.flush(this.#eventId())
    }
    // Ranges move on with the time, and full sockets drain, without any progress.
    this.#schedule(this.#options.limits.tickMs)
  }

  #keepAlive(): void {
    for (const connection of this.#connections) connection.keepAlive()
  }

  #disconnect(connection: LiveConnection): void {
    if (!this.#connections.delete(connection)) return
    this.#skippedByGone += connection.skipped
    for (const live of connection.idsByQuery.keys()) {
      live.connections.delete(connection)
      if (live.connections.size === 0) this.#queries.delete(liveQueryKey(live.query))
    }
    if (this.#connections.size > 0) return
    clearTimeout(this.#tickTimer)
    clearInterval(this.#keepAliveTimer)
    this.#tickTimer = this.#keepAliveTimer = undefined
    this.#tickDueMs = Number.POSITIVE_INFINITY
  }

  #progressJson(): string {
    return JSON.stringify({ completeToMs: this.#options.progress.completeToMs, nowMs: this.#options.clock.now() })
  }

  #eventId(): string {
    return `${this.#epoch}-${this.#changes}`
  }

  /** Number of the last change that the client has; 0 if its id is of another epoch or none. */
  #changeSeen(eventId: string | undefined): number {
    const [epoch, change] = eventId?.split('-') ?? []
    return epoch === this.#epoch && change !== undefined && /^\d{1,15}$/.test(change) ? Number(change) : 0
  }
}

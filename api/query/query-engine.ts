import { type Clock, type MetricDefinition, WeirError } from '@weir/core'
import type { Logger } from 'pino'
import type { ApiLimits } from '../limits.ts'
import { describeError } from '../plugins/error-body.ts'
import type { Progress } from '../progress/progress.ts'
import type { Query } from '../schemas/query.ts'
import { AnswerCache } from './answer-cache.ts'
import { type AnswerSources, computeAnswer } from './compute-answer.ts'
import { Gate } from './gate.ts'
import { type ResolvedQuery, resolveQuery } from './resolve-query.ts'

export interface EngineOptions {
  readonly sources: AnswerSources
  readonly definitions: readonly MetricDefinition[]
  readonly progress: Pick<Progress, 'completeToMs' | 'version'>
  readonly clock: Clock
  readonly limits: ApiLimits
  readonly logger: Logger
}

/** An answer's JSON without its opening brace and id, so that one text serves all who asked: see {@link withId}. */
export interface EngineAnswer {
  readonly tail: string
  readonly failed: boolean
}

export function withId(id: string, tail: string): string {
  return `{"id":${JSON.stringify(id)},${tail}`
}

/** Answers queries; the same query is computed once however many ask, and again only when its data has changed. */
export class QueryEngine {
  readonly counters = { queries: 0, queries_computed: 0, queries_failed: 0 }
  readonly #options: EngineOptions
  readonly #definitions: ReadonlyMap<string, MetricDefinition>
  readonly #gate: Gate
  readonly #cache: AnswerCache
  readonly #inFlight = new Map<string, Promise<string>>()

  constructor(options: EngineOptions) {
    this.#options = options
    this.#definitions = new Map(options.definitions.map((definition) => [definition.name, definition]))
    this.#gate = new Gate(options.limits.maxConcurrentQueries, options.limits.maxWaitingQueries)
    this.#cache = new AnswerCache(options.limits.maxCachedChars)
  }

  /** Never rejects: a query that fails gets a FailedAnswer. */
  async answer(query: Query): Promise<EngineAnswer> {
    this.counters.queries++
    try {
      const resolved = this.#resolve(query)
      const tail = await this.#timeOut(this.#shared(resolved), query)
      return { tail, failed: false }
    } catch (error) {
      this.counters.queries_failed++
      const { code, message } = describeError(error, this.#options.logger).body
      return { tail: JSON.stringify({ type: 'error', code, message }).slice(1), failed: true }
    }
  }

  /** Text that stays the same as long as the answer can not have changed. */
  stamp(query: Query): string {
    try {
      const resolved = this.#resolve(query)
      return `${this.#options.progress.version(resolved.type)} ${JSON.stringify(resolved)}`
    } catch (error) {
      // Its answer is this refusal.
      if (error instanceof WeirError) return error.message
      throw error
    }
  }

  #resolve(query: Query): ResolvedQuery {
    const { clock, limits } = this.#options
    return resolveQuery(query, { nowMs: clock.now(), definitions: this.#definitions, limits })
  }

  #shared(resolved: ResolvedQuery): Promise<string> {
    // Read before the store is: an answer may be newer than its version says, never older.
    const version = this.#options.progress.version(resolved.type)
    const key = JSON.stringify(resolved)
    const cached = this.#cache.get(key, version)
    if (cached !== undefined) return Promise.resolve(cached)

    const flight = `${version} ${key}`
    const running = this.#inFlight.get(flight)
    if (running) return running
    const work = this.#compute(resolved, key, version).finally(() => this.#inFlight.delete(flight))
    this.#inFlight.set(flight, work)
    return work
  }

  async #compute(resolved: ResolvedQuery, key: string, version: number): Promise<string> {
    const { sources, progress } = this.#options
    const completeToMs = progress.completeToMs
    const answer = await this.#gate.run(() => {
      this.counters.queries_computed++
      return computeAnswer(resolved, sources, completeToMs)
    })
    const tail = JSON.stringify(answer).slice(1)
    this.#cache.set(key, version, tail)
    return tail
  }

  async #timeOut<T>(work: Promise<T>, { id }: Query): Promise<T> {
    const { queryTimeoutMs } = this.#options.limits
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `Query ${id} did not answer within ${queryTimeoutMs} ms; shorten its range or narrow its filters.`
        reject(new WeirError('WEIR_QUERY_TOO_COSTLY', message))
      }, queryTimeoutMs)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

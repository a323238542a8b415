import { setTimeout as delay } from 'node:timers/promises'
import type { Role, RoleStatus } from '@weir/core'
import type { Registry } from 'prom-client'
import { afterFailure, backoffMs } from './failure.ts'
import { RoleMeter } from './role-meter.ts'
import { Session, type SessionDeps } from './session.ts'
import type { Topology } from './task.ts'

export interface RunnerDeps extends Omit<SessionDeps, 'meter'> {
  readonly registry: Registry
}

/** Runs a topology until it is told to stop: a session in the consumer group after the other. */
export class TaskRunner implements Role {
  readonly name: string
  readonly #topology: Topology
  readonly #deps: SessionDeps
  readonly #stopping = new AbortController()
  readonly #ended: Promise<void>
  #state: RoleStatus['state'] = 'starting'
  #detail: string | undefined

  constructor(topology: Topology, { registry, ...deps }: RunnerDeps) {
    this.name = topology.name
    this.#topology = topology
    this.#deps = { ...deps, meter: new RoleMeter(topology.name, registry) }
    this.#ended = this.#run()
  }

  status(): RoleStatus {
    const status = { role: this.name, state: this.#state, counters: this.#deps.meter.snapshot() }
    return this.#detail === undefined ? status : { ...status, detail: this.#detail }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#runSession(() => {
          failures = 0
        })
      } catch (error) {
        if (this.#giveUp(error)) return
        const pauseMs = backoffMs(failures++, Math.random())
        await delay(pauseMs, undefined, { signal }).catch(ignoreAbort)
      }
    }
    this.#state = 'stopped'
    this.#detail = undefined
  }

  async #runSession(onSettled: () => void): Promise<void> {
    const session = await Session.open(this.#topology, this.#deps)
    try {
      while (!this.#stopping.signal.aborted) {
        const settled = await session.turn()
        if (!settled) continue
        this.#state = 'running'
        this.#detail = undefined
        onSettled()
      }
    } finally {
      await session.close()
    }
  }

  /** @returns true if the role must not start again */
  #giveUp(error: unknown): boolean {
    const { logger, meter } = this.#deps
    const message = error instanceof Error ? error.message : String(error)
    const stops = afterFailure(error) === 'stop'
    this.#state = stops ? 'stopped' : 'degraded'
    this.#detail = message
    meter.add('failures')
    logger.error({ err: error, role: this.name }, stops ? `${this.name} stopped` : `${this.name} starts again`)
    return stops
  }
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error
}

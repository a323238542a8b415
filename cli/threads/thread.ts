import { type MessagePort, type Transferable, Worker } from 'node:worker_threads'
import { type ErrorCode, type RoleStatus, WeirError } from '@weir/core'
import type { MetricObject } from 'prom-client'
import type { ThreadMessage, ThreadRequest } from './serve-thread.ts'

// V8 lets each thread's young generation grow to several times this by itself: with five threads that, not the work, would
// set the size of the process. Measured on `bench embedded-pipeline`: 40 % less memory at the same speed.
const LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 }

/** A worker thread that runs roles, seen from the main thread. */
export class Thread<Info = unknown> {
  readonly name: string
  readonly info: Info
  readonly #worker: Worker
  readonly #waiting = new Map<number, (value: unknown) => void>()
  #nextId = 1
  #stopping: Promise<void> | undefined
  #ended = false

  private constructor(name: string, worker: Worker, info: Info, onCrash: (name: string, error: Error) => void) {
    this.name = name
    this.info = info
    this.#worker = worker
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind !== 'answer') return
      this.#waiting.get(message.id)?.(message.value)
      this.#waiting.delete(message.id)
    })
    let crash: Error | undefined
    worker.on('error', (error) => {
      crash = error as Error
    })
    worker.on('exit', (code) => {
      this.#ended = true
      for (const done of this.#waiting.values()) done(undefined)
      this.#waiting.clear()
      if (crash !== undefined) onCrash(name, crash)
      else if (this.#stopping === undefined) onCrash(name, new Error(`the thread ended with code ${code}`))
    })
  }

  /**
   * Resolves once the thread's roles run.
   *
   * @param onCrash called if the thread ends without having been told to
   * @throws the WeirError that kept its roles from starting
   */
  static async start<Info>(options: {
    readonly name: string
    readonly data: unknown
    readonly transfer?: readonly Transferable[]
    readonly onCrash: (name: string, error: Error) => void
  }): Promise<Thread<Info>> {
    const worker = new Worker(new URL(`./${options.name}-thread.ts`, import.meta.url), {
      name: options.name,
      workerData: options.data,
      transferList: [...(options.transfer ?? [])],
      resourceLimits: LIMITS,
    })
    const first = await new Promise<ThreadMessage>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`thread ${options.name} ended with code ${code} while starting`)))
    })
    worker.removeAllListeners('error').removeAllListeners('exit')
    if (first.kind === 'failed') {
      await worker.terminate()
      throw first.code ? new WeirError(first.code as ErrorCode, first.message) : new Error(first.message)
    }
    return new Thread(options.name, worker, (first as { info: Info }).info, options.onCrash)
  }

  async status(): Promise<RoleStatus[]> {
    return ((await this.#ask('status')) as RoleStatus[] | undefined) ?? []
  }

  async metrics(): Promise<MetricObject[]> {
    return ((await this.#ask('metrics')) as MetricObject[] | undefined) ?? []
  }

  /** Has the thread serve its broker on the port. */
  async connect(port: MessagePort): Promise<void> {
    await this.#ask('connect', port)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#ask('stop').then(async () => {
      await this.#worker.terminate()
    })
    return this.#stopping
  }

  /** @returns undefined if the thread ends, or has ended, without an answer */
  async #ask(ask: ThreadRequest['ask'], port?: MessagePort): Promise<unknown> {
    if (this.#ended) return undefined
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      const request: ThreadRequest = port ? { id, ask, port } : { id, ask }
      this.#worker.postMessage(request, port ? [port] : [])
    })
  }
}

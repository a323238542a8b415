import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Role, type RoleStatus, WeirError } from '@weir/core'
import type { Registry } from 'prom-client'

/** What the main thread sends to a thread of roles. */
export interface ThreadRequest {
  readonly id: number
  readonly ask: 'status' | 'metrics' | 'stop' | 'connect'
  /** With `connect`: a port to serve the broker on. */
  readonly port?: MessagePort
}

/** What it answers; `ready` or `failed` once at first, then one answer a request. */
export type ThreadMessage =
  | { readonly kind: 'ready'; readonly info: unknown }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }

export interface ThreadRoles {
  readonly roles: readonly Role[]
  readonly registry?: Registry
  /** For the main thread, e.g. the ports listened on. */
  readonly info?: unknown
  readonly connect?: (port: MessagePort) => void
  /** After the roles have stopped: closes what the thread opened for them. */
  readonly close: () => Promise<void>
}

/** Runs roles in this worker thread: starts them, then answers the main thread until it says stop. */
export async function serveThread<Data>(start: (data: Data) => Promise<ThreadRoles>): Promise<void> {
  const main = parentPort!
  const post = (message: ThreadMessage) => main.postMessage(message)
  let thread: ThreadRoles
  try {
    thread = await start(workerData as Data)
  } catch (error) {
    const { message } = error as Error
    post({ kind: 'failed', code: error instanceof WeirError ? error.code : undefined, message })
    return
  }
  post({ kind: 'ready', info: thread.info })
  main.on('message', async (request: ThreadRequest) => {
    const value = await answer(thread, request)
    post({ kind: 'answer', id: request.id, value })
    if (request.ask === 'stop') main.close()
  })
}

async function answer(thread: ThreadRoles, request: ThreadRequest): Promise<unknown> {
  switch (request.ask) {
    case 'status':
      return thread.roles.map((role): RoleStatus => role.status())
    case 'metrics':
      return thread.registry ? await thread.registry.getMetricsAsJSON() : []
    case 'connect':
      thread.connect?.(request.port!)
      return undefined
    case 'stop':
      for (const role of thread.roles) await role.stop()
      await thread.close()
      return undefined
  }
}

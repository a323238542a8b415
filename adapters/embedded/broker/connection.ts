import type { MessagePort } from 'node:worker_threads'
import { WeirError } from '@weir/core'
import {
  type Answers,
  type Call,
  type Callback,
  type ClientMessage,
  fromSentError,
  type ServerMessage,
  type Steer,
  toSentError,
  transferable,
} from './protocol.ts'

/** Bytes of batches sent and not yet answered, beyond which another one is refused. */
const MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024

interface PendingCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly bytes: number
}

interface CallbackRunner {
  run(callback: Callback): Promise<void>
}

/** Matches the answers on a port to their calls, and runs the callbacks of its consumers. */
export class Connection {
  readonly consumers = new Map<number, CallbackRunner>()
  readonly #port: MessagePort
  readonly #pending = new Map<number, PendingCall>()
  #lastId = 0
  #bytesInFlight = 0
  #closed = false

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: ServerMessage) => this.#receive(message))
    port.on('close', () => this.#end())
  }

  /** @throws WEIR_OVERLOADED, WEIR_CLOSED, and what the broker throws */
  async call<C extends Call>(call: C): Promise<Answers[C['op']]> {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The connection to the broker was closed.')
    const blob = 'batch' in call ? call.batch.blob : null
    const bytes = blob?.length ?? 0
    if (bytes > 0 && this.#bytesInFlight > 0 && this.#bytesInFlight + bytes > MAX_IN_FLIGHT_BYTES) {
      throw new WeirError(
        'WEIR_OVERLOADED',
        `${this.#bytesInFlight} bytes are on their way to the broker already: wait for earlier batches.`,
      )
    }
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#pending.set(id, { resolve, reject, bytes })
    this.#bytesInFlight += bytes
    this.#post({ kind: 'call', id, call }, blob === null ? [] : transferable(blob))
    return (await promise) as Answers[C['op']]
  }

  /** Sends what needs no answer; it takes effect before any later call. */
  tell(steer: Steer): void {
    this.#post({ kind: 'tell', steer })
  }

  close(): void {
    this.#end()
    this.#port.close()
  }

  #receive(message: ServerMessage): void {
    if (message.kind === 'callback') {
      void this.#run(message.id, message.callback)
      return
    }
    const pending = this.#pending.get(message.id)
    if (pending === undefined) return
    this.#pending.delete(message.id)
    this.#bytesInFlight -= pending.bytes
    if (message.kind === 'answer') pending.resolve(message.value)
    else pending.reject(fromSentError(message.error))
  }

  async #run(id: number, callback: Callback): Promise<void> {
    try {
      await this.consumers.get(callback.handle)?.run(callback)
      this.#post({ kind: 'callback-done', id, error: null })
    } catch (error) {
      this.#post({ kind: 'callback-done', id, error: toSentError(error) })
    }
  }

  #post(message: ClientMessage, transfer: ArrayBuffer[] = []): void {
    if (!this.#closed) this.#port.postMessage(message, transfer)
  }

  #end(): void {
    this.#closed = true
    const gone = new WeirError('WEIR_CLOSED', 'The broker is gone: its thread ended or the connection was closed.')
    for (const { reject } of this.#pending.values()) reject(gone)
    this.#pending.clear()
  }
}

import type {
  ConsumerOptions,
  GroupMember,
  PartitionOffset,
  TopicDescription,
  TopicPartition,
  TopicSpec,
} from '@weir/core'
import { ERROR_CODES, type ErrorCode, WeirError } from '@weir/core'
import type { EncodedBatch } from './batch-codec.ts'
import type { StoredFetch } from './reading.ts'

/** Calls of a client in another thread. `handle` is the server's number for a producer or consumer. */
export type Call =
  | { readonly op: 'ensure-topic'; readonly spec: TopicSpec }
  | { readonly op: 'describe-topic'; readonly topic: string }
  | { readonly op: 'committed-offsets'; readonly groupId: string; readonly topic: string }
  | { readonly op: 'append'; readonly topic: string; readonly partition: number; readonly batch: EncodedBatch }
  | { readonly op: 'open-transactional'; readonly transactionalId: string }
  | { readonly op: 'begin' | 'commit-transaction' | 'abort' | 'close-transactional'; readonly handle: number }
  | {
      readonly op: 'send'
      readonly handle: number
      readonly topic: string
      readonly partition: number
      readonly batch: EncodedBatch
    }
  | {
      readonly op: 'send-offsets'
      readonly handle: number
      readonly member: GroupMember
      readonly offsets: readonly PartitionOffset[]
    }
  | { readonly op: 'open-consumer'; readonly options: RemoteConsumerOptions }
  | { readonly op: 'poll'; readonly handle: number; readonly maxWaitMs: number; readonly maxBytes: number }
  | { readonly op: 'commit-offsets'; readonly handle: number; readonly offsets: readonly PartitionOffset[] }
  | { readonly op: 'close-consumer'; readonly handle: number }

/** Changes to a consumer's positions that nobody waits for. */
export type Steer =
  | { readonly op: 'seek'; readonly handle: number; readonly position: PartitionOffset }
  | { readonly op: 'pause' | 'resume'; readonly handle: number; readonly partitions: readonly TopicPartition[] }

export type Op = Call['op']

/** What each call is answered with. */
export interface Answers {
  readonly 'ensure-topic': null
  readonly 'describe-topic': TopicDescription
  readonly 'committed-offsets': Map<number, number>
  readonly append: number
  readonly 'open-transactional': number
  readonly begin: null
  readonly 'commit-transaction': null
  readonly abort: null
  readonly 'close-transactional': null
  readonly send: null
  readonly 'send-offsets': null
  readonly 'open-consumer': { readonly handle: number; readonly state: ConsumerState }
  readonly poll: PollAnswer
  readonly 'commit-offsets': null
  readonly 'close-consumer': null
}

export interface PollAnswer {
  readonly fetched: StoredFetch[]
  /** Why the poll failed; the state is told even then, as it may have changed. */
  readonly failure: SentError | null
  readonly state: ConsumerState
}

export type RemoteConsumerOptions = Omit<ConsumerOptions, 'onAssigned' | 'onRevoked'>

/** What a client tells of its consumer without asking; it changes inside polls alone. */
export interface ConsumerState {
  readonly assignment: readonly TopicPartition[]
  /** null without a group */
  readonly member: GroupMember | null
}

/** `onAssigned` (lost absent) or `onRevoked`, to be run by the client. */
export interface Callback {
  readonly handle: number
  readonly partitions: readonly TopicPartition[]
  readonly lost?: boolean
  readonly state: ConsumerState
}

export type ClientMessage =
  | { readonly kind: 'call'; readonly id: number; readonly call: Call }
  | { readonly kind: 'tell'; readonly steer: Steer }
  | { readonly kind: 'callback-done'; readonly id: number; readonly error: SentError | null }

export type ServerMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: SentError }
  | { readonly kind: 'callback'; readonly id: number; readonly callback: Callback }

/** An error on its way to the other thread: structured cloning would lose its class and code. */
export interface SentError {
  readonly code: string | null
  readonly message: string
}

export function toSentError(error: unknown): SentError {
  if (error instanceof WeirError) return { code: error.code, message: error.message }
  return { code: null, message: error instanceof Error ? error.message : String(error) }
}

export function fromSentError({ code, message }: SentError): Error {
  return code !== null && isErrorCode(code) ? new WeirError(code, message) : new Error(message)
}

/** The buffer of a blob, if it can be given away whole: a view into a larger one would take its neighbours along. */
export function transferable(blob: Uint8Array): ArrayBuffer[] {
  const { buffer } = blob
  return buffer instanceof ArrayBuffer && buffer.byteLength === blob.byteLength ? [buffer] : []
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES
}

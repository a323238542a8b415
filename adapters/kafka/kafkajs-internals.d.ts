/**
 * The parts of kafkajs 2.2.4 below its producers and consumers that this adapter stands on: connections (TLS, SASL),
 * brokers and the protocol's primitive types. They are not kafkajs' public interface, so its version is pinned, and
 * kafkajs-internals.test.ts fails when one of them changes.
 */

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js'
  import type { ProducerIdentity } from './producer-identity.ts'

  interface Topics<Partition> {
    readonly topic: string
    readonly partitions: readonly Partition[]
  }

  interface TransactionCall {
    readonly transactionalId: string
    readonly producerId: number | string
    readonly producerEpoch: number
  }

  interface JoinedGroup {
    readonly generationId: number
    readonly groupProtocol: string
    readonly leaderId: string
    readonly memberId: string
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
  }

  export default class Broker {
    constructor(options: {
      connectionPool: ConnectionPool
      logger: unknown
      nodeId?: number
      versions?: unknown
      authenticationTimeout?: number
      allowAutoTopicCreation?: boolean
    })
    nodeId: number | null
    versions: unknown
    readonly connectionPool: ConnectionPool
    connect(): Promise<void>
    disconnect(): Promise<void>
    isConnected(): boolean
    findGroupCoordinator(call: {
      groupId: string
      coordinatorType: 0 | 1
    }): Promise<{ readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number } }>
    heartbeat(call: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
    joinGroup(call: {
      groupId: string
      sessionTimeout: number
      rebalanceTimeout: number
      memberId: string
      groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[]
    }): Promise<JoinedGroup>
    syncGroup(call: {
      groupId: string
      generationId: number
      memberId: string
      groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[]
    }): Promise<{ readonly memberAssignment: Buffer }>
    leaveGroup(call: { groupId: string; memberId: string }): Promise<unknown>
    offsetCommit(call: {
      groupId: string
      groupGenerationId: number
      memberId: string
      topics: readonly Topics<{ readonly partition: number; readonly offset: string }>[]
    }): Promise<unknown>
    listOffsets(call: {
      replicaId: -1
      isolationLevel: 1
      topics: readonly Topics<{ readonly partition: number; readonly timestamp: number }>[]
    }): Promise<{
      readonly responses: readonly Topics<{ readonly partition: number; readonly offset: string }>[]
    }>
    createTopics(call: {
      topics: readonly {
        readonly topic: string
        readonly numPartitions: number
        readonly replicationFactor: number
        readonly configEntries: readonly { readonly name: string; readonly value: string }[]
      }[]
      timeout: number
    }): Promise<unknown>
    describeConfigs(call: { resources: readonly { readonly type: 2; readonly name: string }[] }): Promise<{
      readonly resources: readonly {
        readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[]
      }[]
    }>
    initProducerId(call: { transactionalId: string | null; transactionTimeout: number }): Promise<ProducerIdentity>
    addPartitionsToTxn(call: TransactionCall & { topics: readonly Topics<number>[] }): Promise<unknown>
    addOffsetsToTxn(call: TransactionCall & { groupId: string }): Promise<unknown>
    endTxn(call: TransactionCall & { transactionResult: boolean }): Promise<unknown>
  }
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js'
  import type Encoder from 'kafkajs/src/protocol/encoder.js'

  export interface ProtocolCall<Answer> {
    readonly request: {
      readonly apiKey: number
      readonly apiVersion: number
      readonly apiName: string
      encode(): Promise<Encoder>
    }
    readonly response: {
      decode(bytes: Buffer): Promise<{ readonly answer: Answer }>
      parse(decoded: { readonly answer: Answer }): Promise<Answer>
    }
    readonly requestTimeout?: number
    readonly logResponseError?: boolean
  }

  export interface Connection {
    isConnected(): boolean
    connect(): Promise<unknown>
    send<Answer>(call: ProtocolCall<Answer>): Promise<Answer>
    readonly requestQueue: { pending: readonly unknown[]; scheduleCheckPendingRequests(): void }
  }

  export type { Decoder }

  /** Two connections to one broker: the second is for fetches, which wait at the broker and would hold up the rest. */
  export default class ConnectionPool {
    constructor(options: {
      host: string
      port: number
      clientId: string
      ssl: unknown
      sasl: unknown
      socketFactory: unknown
      connectionTimeout: number
      requestTimeout: number
      logger: unknown
    })
    readonly host: string
    readonly port: number
    readonly pool: readonly [Connection, Connection]
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    constructor(initialBytes?: number)
    writeInt8(value: number): this
    writeInt16(value: number): this
    writeInt32(value: number): this
    writeInt64(value: number | string | bigint): this
    writeBoolean(value: boolean): this
    writeString(value: string | null): this
    writeBytes(value: Buffer | null): this
    writeBuffer(value: Buffer): this
    writeArray(items: readonly Encoder[]): this
    writeUVarInt(value: number): this
    writeUVarIntString(value: string | null): this
    writeUVarIntArray(items: readonly Encoder[]): this
    readonly buffer: Buffer
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(buffer: Buffer)
    readInt8(): number
    readInt16(): number
    readInt32(): number
    readInt64(): bigint
    readBoolean(): boolean
    readString(): string | null
    readBytes(length?: number): Buffer | null
    readUVarIntString(): string | null
    readUVarIntArray<Item>(read: (decoder: this) => Item): Item[] | null
    readArray<Item>(read: (decoder: this) => Item): Item[]
    readTaggedFields(): unknown
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  export function createErrorFromCode(code: number): Error
}

declare module 'kafkajs/src/loggers/index.js' {
  export function createLogger(options: { level: number; logCreator: unknown }): unknown
}

declare module 'kafkajs/src/consumer/assignerProtocol.js' {
  export const MemberMetadata: {
    encode(metadata: { version: number; topics: readonly string[]; userData: Buffer }): Buffer
    decode(bytes: Buffer): { readonly version: number; readonly topics: readonly string[]; readonly userData: Buffer }
  }
  export const MemberAssignment: {
    encode(assignment: { version: number; assignment: Readonly<Record<string, readonly number[]>> }): Buffer
    decode(bytes: Buffer): { readonly assignment: Readonly<Record<string, readonly number[]>> } | null
  }
}

/** Read by tests only, which compare with it. */
declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js'
  export default function decode(decoder: Decoder): Promise<{
    readonly producerId: string
    readonly records: readonly {
      readonly key: Buffer | null
      readonly value: Buffer | null
      readonly timestamp: string
      readonly offset: string
    }[]
  }>
}

import type { PartitionOffset } from '@weir/core'
import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import type Decoder from 'kafkajs/src/protocol/decoder.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import type { AbortedTransaction } from '../records/read-committed.ts'
import { plainCall } from './flexible.ts'

const API = { apiName: 'Fetch', apiKey: 1, apiVersion: 11 }
const READ_COMMITTED = 1
const NO_SESSION = { id: 0, epoch: -1 }

export interface FetchBounds {
  /** How long the broker may wait for the first record. ms */
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly partitionMaxBytes: number
}

export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  /** The end for committed readers. */
  readonly lastStableOffset: number
  readonly aborted: readonly AbortedTransaction[]
  /** Batches; the last may be cut. */
  readonly records: Buffer
}

/** Asks one broker for records behind the positions, as a committed reader. */
export function fetchCall(
  positions: readonly PartitionOffset[],
  bounds: FetchBounds,
): ProtocolCall<FetchedPartition[]> {
  const { maxWaitMs, maxBytes, partitionMaxBytes } = bounds
  return plainCall(
    API,
    () => {
      const topics = Map.groupBy(positions, ({ topic }) => topic)
      const encoded = [...topics].map(([topic, partitions]) =>
        new Encoder().writeString(topic).writeArray(partitions.map((each) => encodePosition(each, partitionMaxBytes))),
      )
      return new Encoder()
        .writeInt32(-1) // not a replica
        .writeInt32(maxWaitMs)
        .writeInt32(1) // bytes that end the wait
        .writeInt32(maxBytes)
        .writeInt8(READ_COMMITTED)
        .writeInt32(NO_SESSION.id)
        .writeInt32(NO_SESSION.epoch)
        .writeArray(encoded)
        .writeArray([]) // topics to forget
        .writeString('') // rack
    },
    decodeFetched,
  )
}

function encodePosition({ partition, offset }: PartitionOffset, maxBytes: number): Encoder {
  const anyEpoch = -1
  const notAReplica = -1
  return new Encoder(32)
    .writeInt32(partition)
    .writeInt32(anyEpoch)
    .writeInt64(offset)
    .writeInt64(notAReplica)
    .writeInt32(maxBytes)
}

function decodeFetched(decoder: Decoder): FetchedPartition[] {
  decoder.readInt32() // throttle time
  decoder.readInt16() // errors of fetch sessions, which are not used
  decoder.readInt32()
  const topics = decoder.readArray((each) => {
    const topic = each.readString()!
    return each.readArray((part) => decodePartition(topic, part))
  })
  return topics.flat()
}

function decodePartition(topic: string, decoder: Decoder): FetchedPartition {
  const partition = decoder.readInt32()
  const errorCode = decoder.readInt16()
  decoder.readInt64() // high watermark
  const lastStableOffset = Number(decoder.readInt64())
  decoder.readInt64() // the log's start
  const aborted = decoder.readArray((each) => ({
    producerId: each.readInt64(),
    firstOffset: Number(each.readInt64()),
  }))
  decoder.readInt32() // preferred replica
  return { topic, partition, errorCode, lastStableOffset, aborted, records: decoder.readBytes() ?? Buffer.alloc(0) }
}

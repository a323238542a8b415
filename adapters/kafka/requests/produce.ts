import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import type Decoder from 'kafkajs/src/protocol/decoder.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { plainCall } from './flexible.ts'

const API = { apiName: 'Produce', apiKey: 0, apiVersion: 7 }
const ALL_IN_SYNC_REPLICAS = -1

export interface Produce {
  readonly topic: string
  readonly partition: number
  readonly transactionalId: string | null
  /** As {@link encodeBatch} makes it. */
  readonly batch: Buffer
  /** How long the broker may wait for its replicas. ms */
  readonly timeoutMs: number
}

/** Appends one batch to one partition; answers with the offset of its first record. */
export function produceCall({ topic, partition, transactionalId, batch, timeoutMs }: Produce): ProtocolCall<number> {
  return plainCall(
    API,
    () => {
      const data = new Encoder(batch.length + 8).writeInt32(partition).writeBytes(batch)
      return new Encoder(batch.length + 512)
        .writeString(transactionalId)
        .writeInt16(ALL_IN_SYNC_REPLICAS)
        .writeInt32(timeoutMs)
        .writeArray([new Encoder(batch.length + 256).writeString(topic).writeArray([data])])
    },
    decodeProduced,
  )
}

function decodeProduced(decoder: Decoder): number {
  const offsets = decoder.readArray((topic) => {
    topic.readString()
    return topic.readArray((each) => {
      each.readInt32() // partition
      const errorCode = each.readInt16()
      if (errorCode !== 0) throw createErrorFromCode(errorCode)
      const baseOffset = Number(each.readInt64())
      each.readInt64() // append time
      each.readInt64() // the log's start
      return baseOffset
    })
  })
  return offsets[0]![0]!
}

import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { flexibleCall, noTags, structures } from './flexible.ts'

/** Version 7 is the first that can refuse offsets of an open transaction (KIP-447, Kafka 2.5). */
const API = { apiName: 'OffsetFetch', apiKey: 9, apiVersion: 7 }

export interface OffsetFetch {
  readonly groupId: string
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
  /**
   * Fail with UNSTABLE_OFFSET_COMMIT while a transaction that holds offsets of the partitions is not decided: who starts to
   * read must not start behind its outcome.
   */
  readonly requireStable: boolean
}

export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  /** -1 where nothing was committed. */
  readonly offset: number
}

export function offsetFetchCall({ groupId, topics, requireStable }: OffsetFetch): ProtocolCall<CommittedOffset[]> {
  return flexibleCall(
    API,
    (encoder) => {
      const wanted = topics.map(({ topic, partitions }) => {
        const numbers = partitions.map((partition) => new Encoder(4).writeInt32(partition))
        return noTags(new Encoder(64).writeUVarIntString(topic).writeUVarIntArray(numbers))
      })
      return noTags(encoder.writeUVarIntString(groupId).writeUVarIntArray(wanted).writeBoolean(requireStable))
    },
    (decoder) => {
      decoder.readInt32() // throttle time
      const offsets = structures(decoder, (each) => {
        const topic = each.readUVarIntString()!
        return structures(each, (part) => {
          const partition = part.readInt32()
          const offset = Number(part.readInt64())
          part.readInt32() // leader epoch
          part.readUVarIntString() // metadata
          failOn(part.readInt16())
          return { topic, partition, offset }
        })
      })
      failOn(decoder.readInt16())
      return offsets.flat()
    },
  )
}

function failOn(errorCode: number): void {
  if (errorCode !== 0) throw createErrorFromCode(errorCode)
}

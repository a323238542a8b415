import type { GroupMember, PartitionOffset } from '@weir/core'
import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import type { ProducerIdentity } from '../producer-identity.ts'
import { flexibleCall, noTags, structures } from './flexible.ts'

/** Version 3 is the first that names the member and its generation, so that a fenced one is refused (KIP-447). */
const API = { apiName: 'TxnOffsetCommit', apiKey: 28, apiVersion: 3 }

export interface TxnOffsetCommit {
  readonly transactionalId: string
  readonly producer: ProducerIdentity
  readonly member: GroupMember
  readonly offsets: readonly PartitionOffset[]
}

export function txnOffsetCommitCall(commit: TxnOffsetCommit): ProtocolCall<void> {
  const { transactionalId, producer, member, offsets } = commit
  return flexibleCall(
    API,
    (encoder) => {
      encoder
        .writeUVarIntString(transactionalId)
        .writeUVarIntString(member.groupId)
        .writeInt64(producer.producerId)
        .writeInt16(producer.producerEpoch)
        .writeInt32(member.generation)
        .writeUVarIntString(member.memberId)
        .writeUVarIntString(null) // group instance id: Weir's members are not static
      const topics = Map.groupBy(offsets, ({ topic }) => topic)
      const encoded = [...topics].map(([topic, partitions]) =>
        noTags(new Encoder(64).writeUVarIntString(topic).writeUVarIntArray(partitions.map(encodeOffset))),
      )
      return noTags(encoder.writeUVarIntArray(encoded))
    },
    (decoder) => {
      decoder.readInt32() // throttle time
      structures(decoder, (each) => {
        each.readUVarIntString()
        structures(each, (part) => {
          part.readInt32()
          const errorCode = part.readInt16()
          if (errorCode !== 0) throw createErrorFromCode(errorCode)
        })
      })
    },
  )
}

function encodeOffset({ partition, offset }: PartitionOffset): Encoder {
  const encoder = new Encoder(32).writeInt32(partition).writeInt64(offset)
  return noTags(encoder.writeInt32(-1).writeUVarIntString(''))
}

import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import type Decoder from 'kafkajs/src/protocol/decoder.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { flexibleCall, noTags, structures } from './flexible.ts'

/** Version 10 is the first that tells the topics' ids (KIP-516, Kafka 2.8). */
const API = { apiName: 'Metadata', apiKey: 3, apiVersion: 10 }
const ANY_ID = Buffer.alloc(16)

export interface ClusterMetadata {
  readonly nodes: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
}

export interface TopicMetadata {
  readonly topic: string
  /** The cluster's UUID of the topic, in hexadecimal: a topic made anew under the name has another. */
  readonly topicId: string
  /** 0, or why the rest says nothing. */
  readonly errorCode: number
  /** In the order of their numbers. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface PartitionMetadata {
  readonly partition: number
  /** Node id; -1 while the partition has none. */
  readonly leader: number
  readonly replicas: number
}

/** Asks for the cluster's nodes and the named topics; makes no topic. */
export function metadataCall(topics: readonly string[]): ProtocolCall<ClusterMetadata> {
  return flexibleCall(
    API,
    (encoder) => {
      const named = topics.map((topic) => noTags(new Encoder(64).writeBuffer(ANY_ID).writeUVarIntString(topic)))
      return noTags(encoder.writeUVarIntArray(named).writeBoolean(false).writeBoolean(false).writeBoolean(false))
    },
    decodeMetadata,
  )
}

function decodeMetadata(decoder: Decoder): ClusterMetadata {
  decoder.readInt32() // throttle time, which the broker enforces itself
  const nodes = structures(decoder, (each) => {
    const node = { nodeId: each.readInt32(), host: each.readUVarIntString()!, port: each.readInt32() }
    each.readUVarIntString() // rack
    return node
  })
  decoder.readUVarIntString() // cluster id
  const controllerId = decoder.readInt32()
  return { nodes, controllerId, topics: structures(decoder, decodeTopic) }
}

function decodeTopic(decoder: Decoder): TopicMetadata {
  const errorCode = decoder.readInt16()
  const topic = decoder.readUVarIntString() ?? ''
  const topicId = decoder.readBytes(16)!.toString('hex')
  decoder.readBoolean() // internal
  const partitions = structures(decoder, decodePartition)
  decoder.readInt32() // authorized operations
  return { topic, topicId, errorCode, partitions: partitions.sort((a, b) => a.partition - b.partition) }
}

function decodePartition(decoder: Decoder): PartitionMetadata {
  decoder.readInt16() // a partition without a leader says so by leader -1 too
  const partition = decoder.readInt32()
  const leader = decoder.readInt32()
  decoder.readInt32() // leader epoch
  const [replicas] = [nodeIds(decoder), nodeIds(decoder), nodeIds(decoder)]
  return { partition, leader, replicas: replicas.length }
}

function nodeIds(decoder: Decoder): number[] {
  return decoder.readUVarIntArray((each) => each.readInt32()) ?? []
}

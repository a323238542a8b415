import { partitionOf } from '@weir/core'
import fc from 'fast-check'
import { Partitioners } from 'kafkajs'
import manifest from 'kafkajs/package.json' with { type: 'json' }
import KafkaJsBroker from 'kafkajs/src/broker/index.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { describe, expect, it } from 'vitest'
import adapters from '../package.json' with { type: 'json' }

describe('the inside of kafkajs that the adapter stands on', () => {
  it('is of the pinned version', () => {
    expect(manifest.version).toBe('2.2.4')
    expect(adapters.dependencies.kafkajs).toBe(manifest.version)
  })

  it.each([
    'addOffsetsToTxn',
    'addPartitionsToTxn',
    'createTopics',
    'describeConfigs',
    'endTxn',
    'findGroupCoordinator',
    'heartbeat',
    'initProducerId',
    'joinGroup',
    'leaveGroup',
    'listOffsets',
    'offsetCommit',
    'syncGroup',
  ] as const)('has the broker request %s', (name) => {
    expect(KafkaJsBroker.prototype[name]).toBeTypeOf('function')
  })

  it('writes the flexible versions’ strings and arrays as the protocol says', () => {
    const encoded = new Encoder().writeUVarIntString('ab').writeUVarIntString(null).writeUVarIntArray([]).buffer
    expect([...encoded]).toEqual([3, 97, 98, 0, 1])
  })

  it('gives protocol errors their number', () => {
    expect(createErrorFromCode(25)).toMatchObject({ code: 25, type: 'UNKNOWN_MEMBER_ID' })
  })
})

describe('partitionOf', () => {
  it('agrees with kafkajs’ partitioner, which agrees with the Java client', () => {
    const partitioner = Partitioners.DefaultPartitioner()
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 100 }),
        (key, partitions) => {
          const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
            partitionId,
            leader: 1,
            partitionErrorCode: 0,
            replicas: [1],
            isr: [1],
          }))
          const message = { key: Buffer.from(key), value: null }
          expect(partitionOf(key, partitions)).toBe(partitioner({ topic: 't', partitionMetadata, message }))
        },
      ),
    )
  })
})

import { RecordBatchBuilder } from '@weir/core'
import { describe, expect, it } from 'vitest'
import { batchHeaders, CHECKED_FROM, CONTROL_FLAG, TRANSACTIONAL_FLAG } from './batch-header.ts'
import { crc32c } from './crc32c.ts'
import { encodeBatch } from './encode-batch.ts'
import { committedBatches } from './read-committed.ts'

type Kind = 'plain' | 'tx' | 'commit' | 'abort'

/** One batch of one record at the offset; markers as the broker writes them. */
function batch(kind: Kind, producerId: number, offset: number): Buffer {
  const builder = new RecordBatchBuilder()
  const marker = kind === 'commit' || kind === 'abort'
  const key = marker ? Buffer.from([0, 0, 0, kind === 'commit' ? 1 : 0]) : null
  builder.append(key, Buffer.alloc(6), 1000)
  const encoded = encodeBatch([{ batch: builder.build(), from: 0, to: 1 }], {
    compression: 'none',
    transactional: kind !== 'plain',
    producer: { producerId: String(producerId), producerEpoch: 0 },
    baseSequence: 0,
  })
  encoded.writeBigInt64BE(BigInt(offset), 0)
  if (marker) encoded.writeInt16BE(CONTROL_FLAG | TRANSACTIONAL_FLAG, 21)
  encoded.writeUInt32BE(crc32c(encoded, CHECKED_FROM), 17)
  return encoded
}

describe('committedBatches', () => {
  it.each<[string, [Kind, number][], [producerId: number, firstOffset: number][], number[]]>([
    [
      'shows plain batches',
      [
        ['plain', 1],
        ['plain', 2],
      ],
      [],
      [0, 1],
    ],
    [
      'shows a committed transaction without its marker',
      [
        ['tx', 1],
        ['commit', 1],
      ],
      [],
      [0],
    ],
    [
      'hides an aborted transaction',
      [
        ['tx', 1],
        ['tx', 1],
        ['abort', 1],
      ],
      [[1, 0]],
      [],
    ],
    [
      'hides of two interleaved ones the aborted',
      [
        ['tx', 1],
        ['tx', 2],
        ['tx', 1],
        ['abort', 1],
        ['commit', 2],
      ],
      [[1, 0]],
      [1],
    ],
    [
      'shows what a producer commits after an abort',
      [
        ['tx', 1],
        ['abort', 1],
        ['tx', 1],
        ['commit', 1],
      ],
      [[1, 0]],
      [2],
    ],
    [
      'shows what a producer committed before an abort',
      [
        ['tx', 1],
        ['commit', 1],
        ['tx', 1],
        ['abort', 1],
      ],
      [[1, 2]],
      [0],
    ],
    [
      'hides two aborted ones in a row',
      [
        ['tx', 1],
        ['abort', 1],
        ['tx', 1],
        ['abort', 1],
        ['tx', 1],
        ['commit', 1],
      ],
      [
        [1, 0],
        [1, 2],
      ],
      [4],
    ],
    [
      'hides the rest of one that began before the fetch',
      [
        ['tx', 1],
        ['abort', 1],
        ['plain', 3],
      ],
      [[1, -50]],
      [2],
    ],
    [
      'leaves plain batches of a producer that aborts',
      [
        ['plain', 1],
        ['tx', 1],
        ['abort', 1],
      ],
      [[1, 0]],
      [0],
    ],
  ])('%s', (_, kinds, aborted, visible) => {
    const records = Buffer.concat(kinds.map(([kind, producerId], offset) => batch(kind, producerId, offset)))
    const transactions = aborted.map(([producerId, firstOffset]) => ({ producerId: BigInt(producerId), firstOffset }))
    const seen = [...committedBatches(records, batchHeaders(records), transactions)]
    expect(seen.map(({ baseOffset }) => baseOffset)).toEqual(visible)
  })
})

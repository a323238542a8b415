import { gzipSync } from 'node:zlib'
import { type RecordBatch, RecordBatchBuilder } from '@weir/core'
import fc from 'fast-check'
import Decoder from 'kafkajs/src/protocol/decoder.js'
import decodeByKafkaJs from 'kafkajs/src/protocol/recordBatch/v0/decoder.js'
import { describe, expect, it } from 'vitest'
import { batchHeaders, CHECKED_FROM } from './batch-header.ts'
import { COMPRESSIONS, type Compression } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { decodeBatch } from './decode-batch.ts'
import { type BatchEncoding, encodeBatch } from './encode-batch.ts'

const PARTITION = { topic: 't', partition: 0 }
const producer = { producerId: '9007199254740993', producerEpoch: 3 }

describe('crc32c', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    ['a', 0xc1d04330],
  ])('of "%s" is the known value', (text, checksum) => {
    expect(crc32c(Buffer.from(text))).toBe(checksum)
  })

  it('checks a part, whatever its alignment', () => {
    const bytes = Buffer.from('--123456789123456789--')
    expect(crc32c(bytes, 2, 11)).toBe(0xe3069283)
    expect(crc32c(bytes, 3, 20)).toBe(crc32c(Buffer.from('23456789123456789')))
  })
})

describe('record batches', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 200 }))
  const record = fc.record({
    key: bytes,
    value: bytes,
    timeMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    headers: fc.option(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 3 })),
  })
  const records = fc.array(record, { minLength: 1, maxLength: 60 })

  it.each(COMPRESSIONS)('come back as they were written, by %s', (compression) => {
    fc.assert(
      fc.property(records, (written) => {
        const read = decode(encode(build(written), { compression }))
        expect(plain(read)).toEqual(plain(build(written)))
        expect([...read.offsets]).toEqual(written.map((_, i) => i))
      }),
      { numRuns: 60 },
    )
  })

  it('are what kafkajs reads of them, but for the checksum, which it does not look at', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const read = await decodeByKafkaJs(new Decoder(encode(build(written), { compression: 'gzip' })))
        expect(read.producerId).toBe(producer.producerId)
        const mine = build(written)
        expect(read.records.length).toBe(mine.count)
        for (const [i, { key, value, timestamp, offset }] of read.records.entries()) {
          expect([key, value].map(bufferOrNull)).toEqual([mine.key(i), mine.value(i)].map(bufferOrNull))
          expect([timestamp, offset]).toEqual([String(mine.timestampMs(i)), String(i)])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('leave out records before the offset that was asked for', () => {
    const encoded = encode(build(['a', 'b', 'c'].map((value) => ({ value: Buffer.from(value) }))))
    const [header] = batchHeaders(encoded)
    const read = decodeBatch(encoded, header!, 2, PARTITION)
    expect([read.count, read.offset(0), Buffer.from(read.value(0)!).toString()]).toEqual([1, 2, 'c'])
  })

  it('are numbered from the base offset that the broker writes over them', () => {
    const encoded = encode(build([{ value: null }, { value: null }]))
    encoded.writeBigInt64BE(4_294_967_296n, 0)
    expect([...decode(encoded).offsets]).toEqual([4_294_967_296, 4_294_967_297])
  })

  it('are left for the next fetch where the answer was cut', () => {
    const encoded = encode(build([{ value: Buffer.from('whole') }]))
    const cut = Buffer.concat([encoded, encoded.subarray(0, encoded.length - 1)])
    expect([...batchHeaders(cut)].length).toBe(1)
  })
})

describe('a damaged batch', () => {
  const logs = Array.from({ length: 50 }, (_, i) => ({ value: Buffer.from(`line ${i} of a log`) }))
  const flip = (at: number) => (batch: Buffer) => {
    batch[at]! ^= 0x10
    return batch
  }

  it.each<[string, Compression, (batch: Buffer) => Buffer, RegExp]>([
    ['with a flipped bit in a record', 'none', flip(80), /checksum/],
    ['with a flipped bit in its header', 'none', flip(25), /checksum/],
    ['of the format before Kafka 0.11', 'none', (batch) => write(batch, () => batch.writeInt8(1, 16)), /format 1/],
    ['whose gzip ends early, with the right checksum', 'gzip', (batch) => cutPayload(batch, 20), /unexpected end/i],
    ['whose gzip is none', 'gzip', (batch) => replacePayload(batch, Buffer.from('plain text')), /incorrect header/i],
    [
      'whose gzip holds half of a record',
      'gzip',
      (batch) => replacePayload(batch, gzipSync(Buffer.from([60, 0, 0]))),
      /fewer/,
    ],
    [
      'by a codec that Weir does not read',
      'none',
      (batch) => reseal(write(batch, () => batch.writeInt16BE(3, 21))),
      /lz4/,
    ],
    [
      'that claims two billion records',
      'none',
      (batch) => reseal(write(batch, () => batch.writeInt32BE(2 ** 31 - 1, 57))),
      /fewer/,
    ],
    ['whose records end early', 'none', (batch) => cutPayload(batch, 5), /cut short/],
  ])('%s is refused, and nothing of it is read', (_, compression, damage, reason) => {
    const damaged = damage(encode(build(logs), { compression }))
    expect(() => decode(damaged)).toThrow(
      expect.objectContaining({ code: 'WEIR_STORE_CORRUPT', message: expect.stringMatching(reason) }),
    )
  })

  it('never makes the decoder read past its end or fail otherwise, whatever its bytes', () => {
    const whole = encode(build(logs))
    fc.assert(
      fc.property(fc.nat(whole.length - 62), fc.nat(255), (at, byte) => {
        const batch = Buffer.from(whole)
        batch[61 + at] = byte
        try {
          decode(reseal(batch))
        } catch (error) {
          expect(error).toMatchObject({ code: 'WEIR_STORE_CORRUPT' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

function encode(batch: RecordBatch, encoding: Partial<BatchEncoding> = {}): Buffer {
  const slices = [{ batch, from: 0, to: batch.count }]
  return encodeBatch(slices, { compression: 'none', transactional: false, producer, baseSequence: 7, ...encoding })
}

function decode(encoded: Buffer): RecordBatch {
  const [header] = batchHeaders(encoded)
  return decodeBatch(encoded, header!, 0, PARTITION)
}

interface Sample {
  readonly key?: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timeMs?: number
  readonly headers?: Readonly<Record<string, string>> | null
}

function build(samples: readonly Sample[]): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (const { key = null, value, timeMs = 1000, headers } of samples) {
    builder.append(key, value, timeMs, headers && Object.keys(headers).length > 0 ? headers : undefined)
  }
  return builder.build()
}

function plain(batch: RecordBatch) {
  return Array.from({ length: batch.count }, (_, i) => ({
    key: bufferOrNull(batch.key(i)),
    value: bufferOrNull(batch.value(i)),
    timeMs: batch.timestampMs(i),
    headers: { ...batch.headers.get(i) },
  }))
}

function bufferOrNull(part: Uint8Array | null): Buffer | null {
  return part === null ? null : Buffer.from(part)
}

function cutPayload(batch: Buffer, bytes: number): Buffer {
  return replacePayload(batch, batch.subarray(61, batch.length - bytes))
}

function replacePayload(batch: Buffer, payload: Buffer): Buffer {
  const replaced = Buffer.concat([batch.subarray(0, 61), payload])
  replaced.writeInt32BE(replaced.length - 12, 8)
  return reseal(replaced)
}

function write(batch: Buffer, change: () => void): Buffer {
  change()
  return batch
}

/** Writes the checksum anew, as a broken producer would. */
function reseal(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, CHECKED_FROM), 17)
  return batch
}

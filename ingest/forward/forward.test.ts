import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { EventTime, FluentClient } from '@fluent-org/logger'
import { decode, decodeMulti, ExtData, encode } from '@msgpack/msgpack'
import { DEAD_LETTER_HEADERS, WeirError } from '@weir/core'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type RunningIngest, type RunningIngestOptions, runIngest } from '../testing/running-ingest.ts'
import { withSend } from '../testing/with-send.ts'

const T = 1_795_366_800
const WAIT = { timeout: 10_000, interval: 20 }
const running: RunningIngest[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const ingest of running.splice(0)) await ingest.stop()
})

async function start(options?: RunningIngestOptions): Promise<RunningIngest> {
  const ingest = await runIngest({ clock: { now: () => T * 1000 + 5000 }, ...options })
  running.push(ingest)
  return ingest
}

async function dial(ingest: RunningIngest): Promise<Socket> {
  const socket = connect(ingest.role.forwardPort, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function ackOn(socket: Socket): Promise<unknown> {
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return decode(bytes)
}

const packed = (...records: unknown[]) => Buffer.concat(records.map((record) => encode([T, record])))

describe('the official client', () => {
  it.each(['Message', 'Forward', 'PackedForward', 'CompressedPackedForward'] as const)(
    'delivers by %s and gets its acknowledgements',
    async (eventMode) => {
      const ingest = await start()
      const client = new FluentClient('shop', {
        eventMode,
        ack: { ackTimeout: 5000 },
        socket: { host: '127.0.0.1', port: ingest.role.forwardPort },
      })
      const at = new EventTime(T, 123_456_789)
      const emitted = Array.from({ length: 50 }, (_, i) => client.emit('web', { message: `m${i}`, level: 'warn' }, at))
      await Promise.all(emitted)
      const logs = await ingest.logs()
      expect(logs.map(({ body }) => body).sort()).toEqual(Array.from({ length: 50 }, (_, i) => `m${i}`).sort())
      expect(logs[0]).toMatchObject({
        service: 'shop.web',
        severityNumber: 13,
        timeMs: T * 1000 + 123,
        timeNanos: 456_789,
      })
      expect(ingest.counter('records_stored.forward')).toBe(50)
      await client.disconnect()
    },
  )
})

describe('messages', () => {
  const seconds = Buffer.alloc(8)
  seconds.writeUInt32BE(T)
  const asExt8 = (message: Uint8Array) => {
    // fixext8 (d7 00) → ext8 of 8 bytes (c7 08 00)
    const bytes = Buffer.from(message)
    const at = bytes.indexOf(Buffer.from([0xd7, 0x00]))
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc7, 0x08, 0x00]), bytes.subarray(at + 2)])
  }
  const dated = encode(['t', new ExtData(0, seconds), { message: 'm' }, { chunk: 'c' }])
  const entries = packed({ message: 'm' }, { message: 'm' })

  it.each<[string, Uint8Array, number]>([
    ['Message with seconds', encode(['t', T, { message: 'm' }, { chunk: 'c' }]), 1],
    ['Message with a float', encode(['t', T + 0.5, { message: 'm' }, { chunk: 'c' }]), 1],
    ['Message with EventTime as fixext8', dated, 1],
    ['Message with EventTime as ext8', asExt8(dated), 1],
    [
      'Forward',
      encode([
        't',
        [
          [T, { message: 'm' }],
          [T, { message: 'm' }],
        ],
        { chunk: 'c', size: 2 },
      ]),
      2,
    ],
    ['Forward with Fluent Bit’s metadata', encode(['t', [[[T, {}], { message: 'm' }]], { chunk: 'c' }]), 1],
    ['PackedForward as bin', encode(['t', entries, { chunk: 'c' }]), 2],
    ['PackedForward as str', strPacked(entries), 2],
    ['CompressedPackedForward', encode(['t', gzipSync(entries), { chunk: 'c', compressed: 'gzip' }]), 2],
    [
      'CompressedPackedForward of two members',
      encode(['t', Buffer.concat([gzipSync(entries), gzipSync(entries)]), { chunk: 'c', compressed: 'gzip' }]),
      4,
    ],
    ['no entries', encode(['t', [], { chunk: 'c' }]), 0],
  ])('%s', async (_sentence, message, count) => {
    const ingest = await start()
    const socket = await dial(ingest)
    socket.write(message)
    expect(await ackOn(socket)).toEqual({ ack: 'c' })
    const logs = await ingest.logs()
    expect(logs).toHaveLength(count)
    expect(logs.every(({ body, service, timeMs }) => body === 'm' && service === 't' && timeMs - T * 1000 < 501)).toBe(
      true,
    )
  })

  /** The entries as str 32, as old clients send them; they are no UTF-8 text. */
  function strPacked(bytes: Uint8Array): Uint8Array {
    const head = Buffer.from([0x93, 0xa1, 0x74, 0xdb, 0, 0, 0, 0])
    head.writeUInt32BE(bytes.length, 4)
    return Buffer.concat([head, bytes, encode({ chunk: 'c' })])
  }

  it('takes messages split at any byte, pings between them, and keeps the connection', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    socket.setNoDelay(true)
    const message = Buffer.concat([Buffer.from([0xc0]), encode(['t', packed({ message: 'm' }), { chunk: 'c' }])])
    for (let round = 0; round < 3; round++) {
      for (const byte of message) {
        socket.write(Buffer.from([byte]))
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(await ackOn(socket)).toEqual({ ack: 'c' })
    }
    expect(await ingest.logs()).toHaveLength(3)
  })

  it('prefers the service that a record names to the tag', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    socket.write(encode(['tag', packed({ message: 'm', 'service.name': 'own' }), { chunk: 'c' }]))
    await ackOn(socket)
    expect((await ingest.logs())[0]?.service).toBe('own')
  })

  it('dead-letters entries that are no records, with their bytes, and takes the others', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    socket.write(encode(['t', packed({ message: 'm' }, null, 7, {}), { chunk: 'c' }]))
    expect(await ackOn(socket)).toEqual({ ack: 'c' })
    expect(await ingest.logs()).toHaveLength(1)
    const letters = await ingest.deadLetters()
    expect(letters.map(({ value }) => decode(value))).toEqual([null, 7, {}])
    expect(letters[0]?.headers).toMatchObject({
      [DEAD_LETTER_HEADERS.source]: 'forward',
      [DEAD_LETTER_HEADERS.service]: 't',
    })
    expect([ingest.counter('records_in'), ingest.counter('dead_lettered')]).toEqual([4, 3])
  })

  it('replaces bytes that are not UTF-8, and counts them', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    const broken = Buffer.from(encode(['t', T, { message: 'aXb' }, { chunk: 'c' }]))
    broken[broken.indexOf('aXb') + 1] = 0xff
    socket.write(broken)
    await ackOn(socket)
    expect((await ingest.logs())[0]?.body).toBe('a\uFFFDb')
    expect(ingest.counter('invalid_text')).toBe(1)
  })

  it('takes a message of 100,000 records', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    const one = encode([T, { message: 'm'.repeat(100), level: 'info' }])
    socket.write(encode(['t', Buffer.concat(new Array(100_000).fill(one)), { chunk: 'c' }]))
    expect(await ackOn(socket)).toEqual({ ack: 'c' })
    expect(ingest.counter('records_stored')).toBe(100_000)
  })
})

describe('what it turns away', () => {
  const good = encode(['t', T, { message: 'good' }, { chunk: 'g' }])

  it.each<[string, Uint8Array, string]>([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'begins with 0x47'],
    ['garbage', Buffer.from([0xff, 0xfe, 0x00, 0x01]), 'begins with 0xff'],
    ['a byte that MessagePack does not have', Buffer.from([0x92, 0xc1]), '0xc1'],
    ['an entry that ends too early', encode(['t', packed({ message: 'm' }).subarray(0, -1)]), 'ends too early'],
    ['an entry of three', encode(['t', encode([1, {}, 3])]), 'an entry of 3 values'],
    ['an array of 5', encode(['t', 1, {}, {}, 5]), 'begins with 0x95'],
    ['a tag that is a number', encode([1, 2, {}]), 'the tag is no text'],
    ['an option that is text', encode(['t', T, { message: 'm' }, 'x']), 'option is no map'],
    ['a chunk that is a number', encode(['t', T, { message: 'm' }, { chunk: 1 }]), 'chunk is no text'],
    ['an unknown compression', encode(['t', packed({}), { compressed: 'lzo' }]), 'compressed by lzo'],
    ['gzip that is none', encode(['t', Buffer.from('nonsense'), { compressed: 'gzip' }]), 'not gzip'],
    ['a count past the bound', Buffer.from([0x92, 0xa1, 0x74, 0xdd, 0xff, 0xff, 0xff, 0xff]), 'over 64 MiB'],
    ['a text past the bound', Buffer.from([0x92, 0xdb, 0xff, 0xff, 0xff, 0xff]), 'over 64 MiB'],
    ['arrays without end', Buffer.alloc(1000, 0x92), 'nested deeper'],
  ])('closes on %s, says why and who, and serves the others', async (_sentence, bytes, reason) => {
    const ingest = await start()
    const [other, socket] = [await dial(ingest), await dial(ingest)]
    const peer = `127.0.0.1:${socket.localPort}`
    const closed = once(socket, 'close')
    socket.write(bytes)
    await closed
    await expect.poll(() => ingest.counter('connections_rejected')).toBe(1)
    const line = ingest.logged.find((text) => text.includes(peer))
    expect(line).toContain(reason)
    other.write(good)
    expect(await ackOn(other)).toEqual({ ack: 'g' })
    expect(ingest.counter('connections')).toBe(1)
  })

  it('stores what came before a broken message, but does not acknowledge the broken one', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    const closed = once(socket, 'close')
    const broken = packed({ message: 'first' }, { message: 'second' }).subarray(0, -1)
    socket.write(Buffer.concat([good, encode(['t', broken, { chunk: 'b' }])]))
    await closed
    expect(decode(Buffer.concat(chunks))).toEqual({ ack: 'g' })
    expect((await ingest.logs()).map(({ body }) => body).sort()).toEqual(['first', 'good'])
  })

  it('closes after half a message and silence, and not an idle connection', async () => {
    const ingest = await start({ limits: { frameIdleMs: 80 } })
    const [idle, socket] = [await dial(ingest), await dial(ingest)]
    const closed = once(socket, 'close')
    socket.write(good.subarray(0, good.length / 2))
    await closed
    expect(ingest.logged.some((line) => line.includes('silent for 80 ms'))).toBe(true)
    idle.write(good)
    expect(await ackOn(idle)).toEqual({ ack: 'g' })
  })

  it('closes a peer that leaves in the middle of a message', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    socket.end(good.subarray(0, 5))
    await expect.poll(() => ingest.counter('connections_rejected')).toBe(1)
    await expect.poll(() => ingest.counter('connections')).toBe(0)
  })

  it('bounds unfinished messages over all connections', async () => {
    const ingest = await start({ limits: { maxPartialBytes: 100_000 } })
    const half = encode(['t', Buffer.alloc(120_000)]).subarray(0, 60_000)
    const [first, second] = [await dial(ingest), await dial(ingest)]
    first.write(half)
    second.write(half)
    await expect.poll(() => ingest.counter('connections_rejected')).toBe(1)
    expect(ingest.counter('connections')).toBe(1)
  })

  it('bounds what a chunk unpacks to', async () => {
    const ingest = await start({ limits: { maxFrameBytes: 2_000_000 } })
    const socket = await dial(ingest)
    const closed = once(socket, 'close')
    socket.write(encode(['t', gzipSync(Buffer.alloc(3_000_000)), { compressed: 'gzip', chunk: 'c' }]))
    await closed
    expect(ingest.logged.some((line) => line.includes('unpacks to more than'))).toBe(true)
  })

  it('refuses connections past the bound', async () => {
    const ingest = await start({ limits: { maxForwardConnections: 1 } })
    const first = await dial(ingest)
    const second = await dial(ingest)
    await once(second, 'close')
    first.write(good)
    expect(await ackOn(first)).toEqual({ ack: 'g' })
  })

  it('neither crashes nor hangs on any mutated message', async () => {
    const ingest = await start({ limits: { frameIdleMs: 20, maxFrameBytes: 1_000_000 } })
    const record = { message: 'm', n: 1.5, list: [1, 'x', null], deep: { a: { b: true } }, big: 2 ** 40 }
    const messages = [
      encode(['tag', T, record, { chunk: 'c' }]),
      encode([
        'tag',
        [
          [T, record],
          [T, record],
        ],
        { chunk: 'c' },
      ]),
      encode(['tag', packed(record, record), { chunk: 'c' }]),
      encode(['tag', gzipSync(packed(record)), { chunk: 'c', compressed: 'gzip' }]),
    ]
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...messages), edits, fc.nat(), async (message, changes, cut) => {
        const bytes = Buffer.from(message)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const socket = await dial(ingest)
        socket.resume()
        const closed = once(socket, 'close')
        const at = cut % bytes.length
        socket.write(bytes.subarray(0, at))
        socket.end(bytes.subarray(at))
        await closed
      }),
      { numRuns: 150 },
    )
    const socket = await dial(ingest)
    socket.write(good)
    expect(await ackOn(socket)).toEqual({ ack: 'g' })
    await expect.poll(() => ingest.counter('connections')).toBe(1)
  }, 60_000)
})

describe('a broker that is slow or fails', () => {
  const chunk = (name: string, bytes = 1000) => encode(['t', packed({ message: 'x'.repeat(bytes) }), { chunk: name }])

  it('acknowledges only what the broker has', async () => {
    const gate = Promise.withResolvers<void>()
    const ingest = await start({ wrap: (broker) => withSend(broker, (go) => gate.promise.then(go)) })
    const socket = await dial(ingest)
    let acked = false
    const ack = ackOn(socket).then((answer) => {
      acked = true
      return answer
    })
    socket.write(chunk('c'))
    await expect.poll(() => ingest.counter('bytes_in')).toBeGreaterThan(1000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(acked).toBe(false)
    gate.resolve()
    expect(await ack).toEqual({ ack: 'c' })
  })

  it('acknowledges binary chunk ids as they came, though later messages came meanwhile', async () => {
    const ingest = await start()
    const socket = await dial(ingest)
    const ids = Array.from({ length: 200 }, (_, i) => Buffer.from(`chunk-${i}`))
    const acks: Buffer[] = []
    socket.on('data', (bytes: Buffer) => acks.push(bytes))
    for (const [i, chunk] of ids.entries()) {
      socket.write(encode(['a', T, { message: 'x'.repeat(500 + 3000 * (i % 7)) }, { chunk }]))
    }
    await vi.waitFor(() => {
      const acknowledged = [...decodeMulti(Buffer.concat(acks))].map((ack) => (ack as { ack: string }).ack)
      expect(acknowledged.sort()).toEqual(ids.map(String).sort())
    }, WAIT)
  })

  it('stops reading past the bound on bytes in flight, and loses nothing', async () => {
    const gate = Promise.withResolvers<void>()
    const ingest = await start({
      limits: { maxInFlightBytes: 100_000 },
      wrap: (broker) => withSend(broker, (go) => gate.promise.then(go)),
    })
    const socket = await dial(ingest)
    let acks = 0
    socket.on('data', (bytes) => {
      acks += bytes.toString('latin1').split('ack').length - 1
    })
    const count = 400
    for (let i = 0; i < count; i++) socket.write(chunk(`c${i}`, 50_000))
    await expect.poll(() => socket.writableLength).toBeGreaterThan(0)
    await expect.poll(() => ingest.counter('bytes_in')).toBeGreaterThan(100_000)
    expect(ingest.counter('bytes_in')).toBeLessThan(5_000_000)
    gate.resolve()
    await expect.poll(() => acks, { timeout: 15_000 }).toBe(count)
    expect(ingest.counter('records_stored')).toBe(count)
  })

  it('closes the connection without an acknowledgement when the broker fails; unasked ones are counted as lost', async () => {
    const failure = new WeirError('WEIR_STORE_FAILED', 'The disk is full.')
    const ingest = await start({ wrap: (broker) => withSend(broker, () => Promise.reject(failure)) })
    const asking = await dial(ingest)
    asking.write(chunk('c'))
    await once(asking, 'close')
    expect([ingest.counter('refused'), ingest.counter('dropped')]).toEqual([1, 0])
    const silent = await dial(ingest)
    silent.write(encode(['t', T, { message: 'm' }]))
    await once(silent, 'close')
    expect([ingest.counter('refused'), ingest.counter('dropped'), ingest.counter('records_in')]).toEqual([1, 1, 1])
    expect(ingest.role.status().state).toBe('degraded')
  })

  it('acknowledges what is under way when it stops', async () => {
    const gate = Promise.withResolvers<void>()
    const ingest = await start({ wrap: (broker) => withSend(broker, (go) => gate.promise.then(go)) })
    const socket = await dial(ingest)
    const ack = ackOn(socket)
    socket.write(chunk('c'))
    await expect.poll(() => ingest.counter('bytes_in')).toBeGreaterThan(1000)
    const stopped = ingest.role.stop()
    gate.resolve()
    expect(await ack).toEqual({ ack: 'c' })
    await stopped
    expect(ingest.role.status().state).toBe('stopped')
    expect(await ingest.logs()).toHaveLength(1)
  })

  it('stops even if the broker never answers', async () => {
    const ingest = await start({
      limits: { stopGraceMs: 50 },
      wrap: (broker) => withSend(broker, () => new Promise(() => undefined)),
    })
    const socket = await dial(ingest)
    socket.write(chunk('c'))
    await expect.poll(() => ingest.counter('bytes_in')).toBeGreaterThan(1000)
    await ingest.role.stop()
    expect(ingest.logged.some((line) => line.includes('before the broker had answered'))).toBe(true)
  })
})

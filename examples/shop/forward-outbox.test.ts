import { createServer, type Server } from 'node:net'
import { Writable } from 'node:stream'
import { FluentServer } from '@fluent-org/logger'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ForwardOutbox, MAX_PENDING_EVENTS } from './forward-outbox.ts'
import { ForwardReceiver, freePort } from './testing/forward-receiver.ts'

const host = '127.0.0.1'

describe('ForwardOutbox', () => {
  const told: string[] = []
  const logger = pino(
    new Writable({
      write(line, _encoding, done) {
        told.push((JSON.parse(String(line)) as { msg: string }).msg)
        done()
      },
    }),
  )
  let outbox: ForwardOutbox | undefined
  let receiver: ForwardReceiver | undefined

  beforeEach(() => {
    told.length = 0
  })

  afterEach(async () => {
    await outbox?.close(0)
    await receiver?.close()
    outbox = undefined
    receiver = undefined
  })

  function pushNumbers(target: ForwardOutbox, start: number, end: number): void {
    for (let n = start; n < end; n++) {
      target.push({ service: n % 2 === 0 ? 'shop-api' : 'checkout', timeMs: 1_700_000_000_123, record: { n } })
    }
  }

  const arrived = () => new Set(receiver?.lines.map((line) => line.record.n as number))

  it('sends each line under its service as the tag, with its time to the millisecond', async () => {
    receiver = await ForwardReceiver.listen()
    outbox = new ForwardOutbox({ host, port: receiver.port }, logger)
    pushNumbers(outbox, 0, 2)
    await vi.waitFor(() => expect(outbox?.counts()).toEqual({ pending: 0, delivered: 2, dropped: 0 }))
    expect(receiver.lines.map((line) => line.tag).sort()).toEqual(['checkout', 'shop-api'])
    const { time } = receiver.lines[0]!
    expect([time.epoch, time.nano]).toEqual([1_700_000_000, 123_000_000])
  })

  it('loses nothing, and tells its operator once, when the receiver comes later', async () => {
    const port = await freePort()
    outbox = new ForwardOutbox({ host, port }, logger)
    pushNumbers(outbox, 0, 1_500)
    await vi.waitFor(() => expect(told).toHaveLength(1))
    expect(told[0]).toMatch(`The log receiver at 127.0.0.1:${port} can not be reached (`)

    receiver = await ForwardReceiver.listen(port)
    await vi.waitFor(() => expect(outbox?.counts()).toEqual({ pending: 0, delivered: 1_500, dropped: 0 }), 10_000)
    expect(arrived().size).toBe(1_500)
    expect(told.slice(1)).toEqual(['The log receiver answers again: 500 lines delivered so far, 0 dropped.'])
  })

  it('loses nothing when the receiver is restarted between lines', async () => {
    receiver = await ForwardReceiver.listen()
    const { port } = receiver
    outbox = new ForwardOutbox({ host, port }, logger)
    pushNumbers(outbox, 0, 100)
    await vi.waitFor(() => expect(arrived().size).toBe(100))
    await receiver.close()
    pushNumbers(outbox, 100, 200)
    receiver = await ForwardReceiver.listen(port)
    await vi.waitFor(() => expect(outbox?.counts()).toEqual({ pending: 0, delivered: 200, dropped: 0 }), 10_000)
    expect([...arrived()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => 100 + i))
  })

  it('sends a batch again whose receiver died before it acknowledged', { timeout: 20_000 }, async () => {
    const dying = await listen((server) =>
      server.on('connection', (socket) => socket.once('data', () => socket.destroy())),
    )
    outbox = new ForwardOutbox({ host, port: dying.port }, logger)
    pushNumbers(outbox, 0, 10)
    await dying.firstConnectionClosed
    await dying.close()
    expect(outbox.counts().delivered).toBe(0)
    receiver = await ForwardReceiver.listen(dying.port)
    await vi.waitFor(() => expect(outbox?.counts()).toEqual({ pending: 0, delivered: 10, dropped: 0 }), 15_000)
    expect(arrived().size).toBe(10)
  })

  it('keeps the newest lines when the bound is reached, and counts the others', async () => {
    const port = await freePort()
    outbox = new ForwardOutbox({ host, port }, logger)
    pushNumbers(outbox, 0, MAX_PENDING_EVENTS)
    expect(outbox.counts()).toEqual({ pending: MAX_PENDING_EVENTS, delivered: 0, dropped: 0 })
    pushNumbers(outbox, MAX_PENDING_EVENTS, MAX_PENDING_EVENTS + 100)
    expect(outbox.counts()).toEqual({ pending: MAX_PENDING_EVENTS, delivered: 0, dropped: 100 })

    receiver = await ForwardReceiver.listen(port)
    await vi.waitFor(() => expect(outbox?.counts().pending).toBe(0), 15_000)
    const numbers = arrived()
    expect(numbers.size).toBe(MAX_PENDING_EVENTS)
    expect(numbers).not.toContain(99)
    expect(numbers).toContain(100)
  })

  it('tells its operator once of a receiver that resets every connection', async () => {
    let connections = 0
    const resetting = await listen((server) =>
      server.on('connection', (socket) => {
        connections++
        socket.resetAndDestroy()
      }),
    )
    outbox = new ForwardOutbox({ host, port: resetting.port }, logger)
    pushNumbers(outbox, 0, 10)
    await vi.waitFor(() => expect(connections).toBeGreaterThanOrEqual(3), 10_000)
    expect(told).toHaveLength(1)
    expect(outbox.counts()).toEqual({ pending: 10, delivered: 0, dropped: 0 })
    await resetting.close()
  })

  it('comes back to a receiver that asked for a password before, which ends a client for good', {
    timeout: 20_000,
  }, async () => {
    const guarded = new FluentServer({
      listenOptions: { host, port: 0 },
      security: { serverHostname: 'guarded', sharedKey: 'key', authorize: false, userDict: {} },
    })
    await guarded.listen()
    const port = guarded.port!
    outbox = new ForwardOutbox({ host, port }, logger)
    pushNumbers(outbox, 0, 10)
    await vi.waitFor(() => expect(told[0]).toMatch('expected authentication'))
    await guarded.close()
    receiver = await ForwardReceiver.listen(port)
    await vi.waitFor(() => expect(outbox?.counts()).toEqual({ pending: 0, delivered: 10, dropped: 0 }), 15_000)
    expect(arrived().size).toBe(10)
  })

  it('counts what it could not send by the end of its grace as dropped', async () => {
    outbox = new ForwardOutbox({ host, port: await freePort() }, logger)
    pushNumbers(outbox, 0, 3)
    await outbox.close(50)
    outbox.push({ service: 'shop-api', timeMs: 0, record: {} })
    expect(outbox.counts()).toEqual({ pending: 0, delivered: 0, dropped: 4 })
  })
})

interface Listening {
  readonly port: number
  readonly firstConnectionClosed: Promise<void>
  close(): Promise<void>
}

async function listen(prepare: (server: Server) => void): Promise<Listening> {
  const server = createServer()
  prepare(server)
  const firstConnectionClosed = new Promise<void>((resolve) => {
    server.once('connection', (socket) => socket.once('close', () => resolve()))
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    port: address.port,
    firstConnectionClosed,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

import { describe, expect, it } from 'vitest'
import type { Answer, Query, Question } from '../api/answers.ts'
import { type ConnectionEvents, retryDelayMs } from './live-connection.ts'
import { LiveQueries, type Transport } from './live-queries.ts'

const EVENTS: Question = { type: 'metric', metric: 'logs.count', aggregates: ['count'], range: { lastMs: 60_000 } }
const LINES: Question = { type: 'logs', range: { lastMs: 60_000 } }

/** The boundary to the network, driven by the test. */
class Network implements Transport {
  readonly streams: { queries: readonly Query[]; events: ConnectionEvents; closed: boolean }[] = []
  readonly asked: { queries: Query[]; resolve: (answers: Answer[]) => void; reject: (error: unknown) => void }[] = []
  #callbacks: (() => void)[] = []

  connect(queries: readonly Query[], events: ConnectionEvents) {
    const stream = { queries, events, closed: false }
    this.streams.push(stream)
    return {
      close: () => {
        stream.closed = true
      },
    }
  }

  ask(queries: Query[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => this.asked.push({ queries, resolve, reject }))
  }

  soon(callback: () => void): void {
    this.#callbacks.push(callback)
  }

  now(): number {
    return 1_000
  }

  turn(): void {
    const callbacks = this.#callbacks
    this.#callbacks = []
    for (const callback of callbacks) callback()
  }

  get stream() {
    return this.streams.at(-1)!
  }
}

function linesAnswer(id: string): Answer {
  return { id, type: 'logs', logs: [] }
}

describe('LiveQueries', () => {
  it('opens one stream for all that is watched', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.watch(EVENTS, () => {})
    live.watch(LINES, () => {})
    network.turn()
    expect(network.streams).toHaveLength(1)
    expect(network.stream.queries.map((query) => query.type)).toEqual(['metric', 'logs'])
  })

  it('asks a question once, however many watch it, and calls only those whose answer changed', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    const called = { first: 0, second: 0, events: 0 }
    live.watch(LINES, () => called.first++)
    live.watch({ ...LINES }, () => called.second++)
    live.watch(EVENTS, () => called.events++)
    network.turn()
    expect(network.stream.queries).toHaveLength(2)
    network.stream.events.onAnswer(linesAnswer(network.stream.queries[0]!.id))
    network.turn()
    expect(called).toEqual({ first: 1, second: 1, events: 0 })
    expect(live.state(LINES).answer).toMatchObject({ type: 'logs' })
  })

  it('keeps the last good answer when a later one fails', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.watch(LINES, () => {})
    network.turn()
    const id = network.stream.queries[0]!.id
    network.stream.events.onAnswer(linesAnswer(id))
    network.stream.events.onAnswer({ id, type: 'error', code: 'WEIR_STORE_FAILED', message: 'why' })
    expect(live.state(LINES)).toMatchObject({
      answer: { type: 'logs' },
      failure: { code: 'WEIR_STORE_FAILED', message: 'why' },
    })
    network.stream.events.onAnswer(linesAnswer(id))
    expect(live.state(LINES).failure).toBeUndefined()
  })

  it('opens a new stream when other queries are watched, and closes the old', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    const stop = live.watch(LINES, () => {})
    network.turn()
    stop()
    live.watch(EVENTS, () => {})
    network.turn()
    expect(network.streams.map((stream) => stream.closed)).toEqual([true, false])
  })

  it('leaves the stream alone when the same is watched anew', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    const stop = live.watch(LINES, () => {})
    network.turn()
    stop()
    live.watch(LINES, () => {})
    network.turn()
    expect(network.streams).toHaveLength(1)
  })

  it('asks by request what it does not know while it is not live', async () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.watch(LINES, () => {})
    live.setLive(false)
    network.turn()
    expect(network.streams).toHaveLength(0)
    const request = network.asked[0]!
    request.resolve([linesAnswer(request.queries[0]!.id)])
    await Promise.resolve()
    expect(live.state(LINES).answer).toMatchObject({ type: 'logs' })
    expect(live.status().connection).toBe('paused')
  })

  it('asks for the stretch it shows while time stands still', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.setLive(false)
    live.watch(LINES, () => {})
    network.turn()
    expect(live.nowMs()).toBe(1_000)
    expect(network.asked[0]!.queries[0]!.range).toEqual({ fromMs: 1_000 - 60_000, toMs: 1_000 })
  })

  it('says why a request failed, and asks again when told to', async () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.setLive(false)
    live.watch(LINES, () => {})
    network.turn()
    network.asked[0]!.reject(new TypeError('Failed to fetch'))
    await Promise.resolve()
    await Promise.resolve()
    expect(live.state(LINES).failure?.message).toContain('Failed to fetch')
    live.retry(LINES)
    expect(network.asked).toHaveLength(2)
  })

  it('lets the stream go while the page is hidden', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.watch(LINES, () => {})
    network.turn()
    live.setVisible(false)
    network.turn()
    expect(network.stream.closed).toBe(true)
    live.setVisible(true)
    network.turn()
    expect(network.streams).toHaveLength(2)
    expect(network.stream.closed).toBe(false)
  })

  it('tells that the stream is lost and when it was last heard', () => {
    const network = new Network()
    const live = new LiveQueries(network)
    live.watch(LINES, () => {})
    network.turn()
    network.stream.events.onProgress({ completeToMs: 900, nowMs: 1_250 })
    network.stream.events.onLost(1_000)
    expect(live.status()).toEqual({
      connection: 'lost',
      progress: { completeToMs: 900, nowMs: 1_250 },
      skewMs: 250,
      heardAtMs: 1_000,
    })
  })
})

describe('retryDelayMs', () => {
  it.each([
    ['the first retry waits half a second to one', 0, 500, 1_000],
    ['each wait doubles', 2, 2_000, 4_000],
    ['up to a bound', 20, 7_500, 15_000],
  ])('%s', (_, attempt, least, most) => {
    expect(retryDelayMs(attempt, 0)).toBe(least)
    expect(retryDelayMs(attempt, 1)).toBe(most)
  })
})

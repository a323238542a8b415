import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { decodeMultiStream } from '@msgpack/msgpack'
import { WeirProcess } from '@weir/cli/testing'
import { PackedChunk } from './packed-chunks.ts'

const RECORDS_PER_CHUNK = 1_000
const DISTINCT_CHUNKS = 40
const CONNECTIONS = 2
const CHUNKS_IN_FLIGHT = 8

/**
 * Events sent by Forward (PackedForward, with acks) until they are counted in windows and searchable, all in one Weir
 * process. The sender shares the machine; its CPU is not counted. `--rate N` offers N events a second (what can be
 * sustained shows in `secondsBehind` staying small); without it the sender goes as fast as it is acknowledged.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '0' } },
  })
  const seconds = Number(values.seconds)
  const chunkEveryMs = Number(values.rate) > 0 ? (1000 * RECORDS_PER_CHUNK * CONNECTIONS) / Number(values.rate) : 0
  const chunks = Array.from({ length: DISTINCT_CHUNKS }, (_, seed) => new PackedChunk(RECORDS_PER_CHUNK, seed))
  const weir = await WeirProcess.start()
  try {
    const cpuBefore = weir.cpuSeconds()
    const startedMs = performance.now()
    const untilMs = startedMs + seconds * 1000
    const senders = Array.from({ length: CONNECTIONS }, (_, i) =>
      sendUntil(weir.forwardPort, chunks, i, untilMs, chunkEveryMs),
    )
    const progress = setInterval(async () => {
      const state = await weir.get<PipelineTotals>('/api/pipeline')
      console.log(`  in ${state.totals.in}  stored ${state.totals.stored}  rss ${weir.peakRssMiB()} MiB`)
    }, 10_000)
    const sent = (await Promise.all(senders)).reduce((a, b) => a + b, 0)
    const ackedSeconds = (performance.now() - startedMs) / 1000
    await untilReadable(weir, sent)
    clearInterval(progress)
    const totalSeconds = (performance.now() - startedMs) / 1000
    const cpuSeconds = weir.cpuSeconds() - cpuBefore
    return {
      events: sent,
      jsonBytesPerEvent: Math.round(chunks.reduce((sum, c) => sum + c.jsonBytes, 0) / chunks.length),
      secondsSending: round(ackedSeconds),
      secondsUntilReadable: round(totalSeconds),
      secondsBehind: round(totalSeconds - ackedSeconds),
      eventsPerSecond: Math.round(sent / totalSeconds),
      eventsPerCpuSecond: Math.round(sent / cpuSeconds),
      peakRssMiB: weir.peakRssMiB(),
    }
  } finally {
    await weir.stop()
  }
}

interface PipelineTotals {
  readonly totals: { readonly in: number; readonly stored: number; readonly inFlight: number }
}

/**
 * @param chunkEveryMs time between two chunks; 0: none
 * @returns records acknowledged
 */
async function sendUntil(
  port: number,
  chunks: readonly PackedChunk[],
  first: number,
  untilMs: number,
  chunkEveryMs: number,
): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let acked = 0
  let inFlight = 0
  let wake: (() => void) | undefined
  const reading = (async () => {
    for await (const _ack of decodeMultiStream(socket)) {
      acked++
      inFlight--
      wake?.()
    }
  })()
  let next = first
  let dueMs = performance.now()
  while (performance.now() < untilMs || inFlight > 0) {
    if (performance.now() >= untilMs || inFlight >= CHUNKS_IN_FLIGHT) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    const earlyMs = dueMs - performance.now()
    if (earlyMs > 0) await delay(earlyMs)
    dueMs += chunkEveryMs
    const message = chunks[next % chunks.length]!.message(`${first}-${next}`, Date.now())
    next += CONNECTIONS
    inFlight++
    for (const part of message) socket.write(part)
    if (socket.writableNeedDrain) await once(socket, 'drain')
  }
  socket.end()
  await reading
  return acked * RECORDS_PER_CHUNK
}

async function untilReadable(weir: WeirProcess, sent: number): Promise<void> {
  for (;;) {
    const state = await weir.get<PipelineTotals>('/api/pipeline')
    const counted = await countedRecords(weir)
    if (state.totals.stored >= sent && counted >= sent) return
    await delay(100)
  }
}

async function countedRecords(weir: WeirProcess): Promise<number> {
  const query = { id: 'n', type: 'metric', metric: 'logs.count', aggregates: ['count'], range: { lastMs: 3_600_000 } }
  const { answers } = await weir.post<{ answers: { groups?: { totals: { count: number } }[] }[] }>('/api/query', {
    queries: [query],
  })
  return answers[0]?.groups?.[0]?.totals.count ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

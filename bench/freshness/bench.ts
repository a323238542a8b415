import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WeirProcess } from '@weir/cli/testing'
import { percentiles } from '../percentiles.ts'

const SERVICE = 'freshness'
const MAX_PAUSE_MS = 700

interface MetricAnswer {
  readonly groups?: readonly { readonly totals: { readonly count: number } }[]
}

/** Time from sending one log line by HTTP until a live client holds the chart's answer that counts it. */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args, options: { lines: { type: 'string', default: '60' } } })
  const weir = await WeirProcess.start()
  const abort = new AbortController()
  try {
    const counted = new Counted()
    const reading = counted.follow(weir, abort.signal)
    const samplesMs: number[] = []
    for (let line = 1; line <= Number(values.lines); line++) {
      const startedMs = performance.now()
      await send(weir)
      await counted.reaches(line)
      samplesMs.push(performance.now() - startedMs)
      // Not in step with the pipeline's own intervals.
      await delay(Math.random() * MAX_PAUSE_MS)
    }
    abort.abort()
    await reading
    return { lines: samplesMs.length, sentToChartMs: percentiles(samplesMs) }
  } finally {
    abort.abort()
    await weir.stop()
  }
}

async function send(weir: WeirProcess): Promise<void> {
  const response = await fetch(`${weir.ingestUrl}/ingest/${SERVICE}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ level: 'info', message: 'one line' }),
  })
  if (!response.ok) throw new Error(`ingest answered ${response.status}`)
}

/** The newest count that the live connection has brought. */
class Counted {
  #count = 0
  #waiting: { least: number; done: () => void } | undefined

  reaches(least: number): Promise<void> {
    if (this.#count >= least) return Promise.resolve()
    return new Promise((done) => {
      this.#waiting = { least, done }
    })
  }

  async follow(weir: WeirProcess, signal: AbortSignal): Promise<void> {
    const query = {
      id: 'count',
      type: 'metric',
      metric: 'logs.count',
      aggregates: ['count'],
      range: { lastMs: 3_600_000 },
      filters: [{ label: 'service', op: 'in', values: [SERVICE] }],
    }
    const url = `${weir.url}/api/live?queries=${encodeURIComponent(JSON.stringify({ queries: [query] }))}`
    const response = await fetch(url, { signal, headers: { 'accept-encoding': 'identity' } })
    let text = ''
    try {
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
        text += part
        const events = text.split('\n\n')
        text = events.pop()!
        for (const event of events) this.#take(event)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  #take(event: string): void {
    if (!event.includes('event: answer')) return
    const data = event.split('\n').find((line) => line.startsWith('data: '))!
    const answer = JSON.parse(data.slice('data: '.length)) as MetricAnswer
    this.#count = answer.groups?.[0]?.totals.count ?? 0
    if (this.#waiting && this.#count >= this.#waiting.least) this.#waiting.done()
  }
}

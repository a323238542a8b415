import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WeirProcess } from '@weir/cli/testing'
import { percentiles } from '../percentiles.ts'
import { fillLogs, fillMetrics } from './prepare.ts'

const DAY_MS = 86_400_000
const SERIES = 50
const SEARCHES = ['timed', 'order rejected', 'customer', '"upstream timed out"', 'refund*', 'c4711', '-shipped parcel']

interface Answers {
  readonly answers: readonly { readonly type: string; readonly message?: string }[]
}

/**
 * Time from request to whole answer over HTTP, one request after the other, each over a range of its own so that no cache
 * answers: a dashboard's metric query over 24 h for 50 series, and full-text searches over many stored lines.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: { lines: { type: 'string', default: '5000000' }, requests: { type: 'string', default: '200' } },
  })
  const lines = Number(values.lines)
  const requests = Number(values.requests)
  const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000
  const dataDir = mkdtempSync(join(tmpdir(), 'weir-query-'))
  let weir: WeirProcess | undefined
  try {
    const points = await fillMetrics(dataDir, SERIES, endMs)
    const insertStarted = performance.now()
    await fillLogs(dataDir, lines, endMs)
    const insertSeconds = (performance.now() - insertStarted) / 1000
    weir = await WeirProcess.start({ dataDir })
    const metric = await timed(weir, requests, (i) => ({
      id: 'm',
      type: 'metric',
      metric: 'http.server.duration',
      aggregates: ['p95', 'rate'],
      groupBy: ['service', 'route', 'method'],
      range: { fromMs: endMs - DAY_MS - (i % 40) * 300_000, toMs: endMs - (i % 40) * 300_000 },
      maxPoints: 300 - (i % 7),
      maxGroups: SERIES,
    }))
    const search = await timed(weir, requests, (i) => ({
      id: 'l',
      type: 'logs',
      text: SEARCHES[i % SEARCHES.length],
      range: { fromMs: endMs - DAY_MS, toMs: endMs - i * 1_000 },
      limit: 100,
    }))
    return {
      points,
      lines,
      insertedLinesPerSecond: Math.round(lines / insertSeconds),
      metricQueryMs: metric,
      logSearchMs: search,
    }
  } finally {
    await weir?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function timed(weir: WeirProcess, requests: number, query: (i: number) => object) {
  const samplesMs: number[] = []
  for (let i = 0; i < requests; i++) {
    const startedMs = performance.now()
    const { answers } = await weir.post<Answers>('/api/query', { queries: [query(i)] })
    samplesMs.push(performance.now() - startedMs)
    if (answers[0]?.type === 'error') throw new Error(answers[0].message)
  }
  return percentiles(samplesMs)
}

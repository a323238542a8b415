import { join } from 'node:path'
import { openLogStore, openMetricStore } from '@weir/adapters/embedded'
import { DDSketch, encodeLogRecord, type LogEntry, type LogRecord, RESOLUTIONS_MS, type WindowPoint } from '@weir/core'

const HOURS_MS = 24 * 3_600_000
const LOG_BATCH = 10_000
const POINT_BATCH = 20_000
const DURATION_METRIC = 'http.server.duration'
const VERBS = ['accepted', 'rejected', 'retried', 'queued', 'shipped', 'refunded', 'cancelled', 'confirmed']
const NOUNS = ['order', 'payment', 'cart', 'invoice', 'parcel', 'voucher', 'session', 'refund']

/** Deterministic noise in [0, 1). */
function noise(n: number): number {
  return (Math.imul(n ^ (n >>> 15), 2246822519) >>> 0) / 2 ** 32
}

/** Writes 24 h of windows of every resolution for `seriesCount` series of a distribution, ending at `endMs`. */
export async function fillMetrics(dir: string, seriesCount: number, endMs: number): Promise<number> {
  const store = await openMetricStore({ dir: join(dir, 'metrics') })
  let points = 0
  let batch: WindowPoint[] = []
  for (const resolutionMs of RESOLUTIONS_MS) {
    const first = Math.floor((endMs - HOURS_MS) / resolutionMs) * resolutionMs
    for (let startMs = first; startMs < endMs; startMs += resolutionMs) {
      for (let s = 0; s < seriesCount; s++) {
        batch.push(windowOf(s, resolutionMs, startMs))
        if (batch.length < POINT_BATCH) continue
        await store.upsert(batch)
        points += batch.length
        batch = []
      }
    }
  }
  await store.upsert(batch)
  await store.close()
  return points + batch.length
}

function windowOf(s: number, resolutionMs: number, startMs: number): WindowPoint {
  const sketch = new DDSketch()
  const values = Math.min(40, (resolutionMs / 10_000) * 8)
  let sum = 0
  for (let i = 0; i < values; i++) {
    const value = 20 + 200 * noise(startMs / 10_000 + s * 977 + i * 31) ** 3
    sketch.add(value)
    sum += value
  }
  return {
    series: { metric: DURATION_METRIC, labels: { service: `service-${s % 10}`, route: `/api/r${s}`, method: 'GET' } },
    resolutionMs,
    startMs,
    aggregate: { count: values, sum, min: sketch.quantile(0), max: sketch.quantile(1), sketch },
    revision: 0,
    closed: true,
    source: { topicId: 'bench', partition: 0, offset: 0 },
  }
}

/** Stores `count` log lines spread over the 24 h before `endMs`. */
export async function fillLogs(dir: string, count: number, endMs: number): Promise<void> {
  const store = await openLogStore({ dir: join(dir, 'logs') })
  const source = { topicId: 'bench', partition: 0 }
  for (let done = 0; done < count; ) {
    const entries: LogEntry[] = []
    for (; entries.length < LOG_BATCH && done < count; done++) {
      const record = logLine(done, endMs - HOURS_MS + Math.floor((done / count) * HOURS_MS))
      entries.push({ offset: done, brokerTimeMs: endMs, record, json: encodeLogRecord(record) })
    }
    await store.append(source, entries)
    if (done % 500_000 === 0) console.log(`  ${done} lines stored`)
  }
  await store.close()
}

function logLine(n: number, timeMs: number): LogRecord {
  const pick = Math.floor(noise(n) * 1e9)
  const failed = pick % 100 === 0
  const noun = NOUNS[pick % NOUNS.length]!
  const verb = VERBS[(pick >>> 3) % VERBS.length]!
  const tail = failed ? ': upstream timed out' : ` in ${pick % 400} ms`
  return {
    timeMs,
    observedTimeMs: timeMs,
    service: `service-${pick % 10}`,
    severityNumber: failed ? 17 : 9,
    body: `${noun} ${verb} for customer c${pick % 100_000}${tail}`,
    attributes: {
      'http.route': `/api/${noun}s`,
      'http.response.status_code': failed ? 504 : 200,
      duration_ms: pick % 400,
    },
  }
}

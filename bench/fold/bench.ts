import { parseArgs } from 'node:util'
import { BUILT_IN_METRICS, DEFAULT_WATERMARK_OPTIONS, type RecordBatch, TOPICS } from '@weir/core'
import { combinerTopology, normalizeForeign, TopologyTestDriver, VirtualClock } from '@weir/processors'
import { mixedBatch, uniformBatch } from './batches.ts'

const RECORDS_PER_COMMIT = 50_000
const START_MS = 1_760_000_000_000

/**
 * The combiner's work on batches of topic `logs` without a broker: reading records, folding, and encoding the deltas of a
 * commit each 50,000 records. The fast path and the decoding one take turns over the same batches.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '20' } } })
  const rounds = Number(values.rounds)
  const results: Record<string, unknown> = { recordsPerCommit: RECORDS_PER_COMMIT, rounds }
  for (const [shapes, make] of [
    ['uniform', uniformBatch],
    ['mixed', mixedBatch],
  ] as const) {
    const batches = [0, 10_000].map((afterMs) => make(RECORDS_PER_COMMIT, START_MS + afterMs))
    results[shapes] = await compare(shapes, batches, rounds)
  }
  return results
}

async function compare(shapes: string, batches: readonly RecordBatch[], rounds: number) {
  const scanning = await openCombiner(true)
  const decoding = await openCombiner(false)
  const cpuMs = { scanning: 0, decoding: 0 }
  let records = 0
  for (let round = -2; round < rounds; round++) {
    for (const batch of batches) {
      const scanned = await cpuMsOf(() => scanning.measure(batch))
      const decoded = await cpuMsOf(() => decoding.measure(batch))
      if (round < 0) continue
      cpuMs.scanning += scanned
      cpuMs.decoding += decoded
      records += batch.count
    }
  }
  const recordsPerCpuSecond = {
    scanning: Math.round((records / cpuMs.scanning) * 1000),
    decoding: Math.round((records / cpuMs.decoding) * 1000),
  }
  const ratio = Math.round((100 * cpuMs.decoding) / cpuMs.scanning) / 100
  const scannedShare = scanning.counter('records_scanned') / (batches.length * (rounds + 2) * RECORDS_PER_COMMIT)
  const bytesPerRecord = Math.round(batches[0]!.bytes.length / RECORDS_PER_COMMIT)
  console.log(`${shapes}: ${JSON.stringify(recordsPerCpuSecond)} records per CPU-second, ×${ratio}`)
  return { bytesPerRecord, scannedShare, recordsPerCpuSecond, ratio }
}

async function openCombiner(fastPath: boolean): Promise<TopologyTestDriver> {
  const topology = combinerTopology({
    definitions: BUILT_IN_METRICS,
    watermark: DEFAULT_WATERMARK_OPTIONS,
    normalize: normalizeForeign,
    commitIntervalMs: 500,
    fastPath,
  })
  return await TopologyTestDriver.open(topology, {
    clock: new VirtualClock(START_MS),
    outputPartitions: { [TOPICS.metricDeltas]: 4 },
  })
}

async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

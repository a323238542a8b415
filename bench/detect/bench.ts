import { parseArgs } from 'node:util'
import { DETECTOR_STATE_BYTES, DefaultDetector } from '@weir/core'
import { HEALTHY_KINDS, healthySeries } from '../synthetic/healthy-series.ts'

const SERIES = 20
const ROUNDS = 5

/**
 * Points a second that the default detector judges on one core, over healthy series of all kinds whose points come in turn
 * (so that each finds another state in the cache), and the bytes of state a series.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args, options: { points: { type: 'string', default: '10000' } } })
  const points = Number(values.points)
  if (!Number.isSafeInteger(points) || points < 1) throw new RangeError('--points must be a whole number above 0')
  const series = Array.from({ length: SERIES }, (_, i) =>
    healthySeries({ kind: HEALTHY_KINDS[i % HEALTHY_KINDS.length]!, points, intervalMs: 300_000, seed: i + 1 }),
  )
  const pointsPerSecond: number[] = []
  const pointsPerCpuSecond: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const detectors = series.map(() => new DefaultDetector())
    const startedMs = performance.now()
    const startedCpu = process.cpuUsage()
    for (let i = 0; i < points; i++) {
      for (let j = 0; j < SERIES; j++) detectors[j]!.step(series[j]![i]!)
    }
    const cpuSeconds = process.cpuUsage(startedCpu).user / 1e6
    const seconds = (performance.now() - startedMs) / 1000
    if (round === 0) continue // the first round pays for compilation
    pointsPerSecond.push(Math.round((SERIES * points) / seconds))
    pointsPerCpuSecond.push(Math.round((SERIES * points) / cpuSeconds))
    console.log(`${pointsPerSecond.at(-1)} points/s, ${pointsPerCpuSecond.at(-1)} points a CPU-second`)
  }
  return {
    pointsPerSecond: Math.max(...pointsPerSecond),
    pointsPerCpuSecond: Math.max(...pointsPerCpuSecond),
    stateBytes: DETECTOR_STATE_BYTES,
  }
}

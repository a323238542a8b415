/** p50, p95 and p99 of timings by the nearest rank, rounded to 0.1. */
export function percentiles(samplesMs: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...samplesMs].sort((a, b) => a - b)
  const at = (q: number) => Math.round(sorted[Math.ceil(q * sorted.length) - 1]! * 10) / 10
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

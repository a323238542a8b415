import type { Progress } from './live-connection.ts'

/** How far behind the stream was, by marks of progress. The pipeline keeps no such series, so the page does. */
export interface LagSample {
  readonly atMs: number
  readonly lagMs: number
}

const MAX_SAMPLES = 90

/** Adds the lag of a mark; the same mark again, or one without a watermark, changes nothing. */
export function withSample(history: readonly LagSample[], progress: Progress | undefined): readonly LagSample[] {
  if (!progress || progress.completeToMs === null) return history
  if (history.at(-1)?.atMs === progress.nowMs) return history
  const sample = { atMs: progress.nowMs, lagMs: Math.max(progress.nowMs - progress.completeToMs, 0) }
  return [...history, sample].slice(-MAX_SAMPLES)
}

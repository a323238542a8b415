import type { Anomaly } from '../anomaly/anomaly.ts'

/** Anomalies found so far; one that is put again under its id replaces itself. */
export interface AnomalyStore {
  put(anomalies: readonly Anomaly[]): Promise<void>
  /** Newest window first. */
  query(query: AnomalyQuery): Promise<Anomaly[]>
  applyRetention(nowMs: number): Promise<void>
  close(): Promise<void>
}

export interface AnomalyQuery {
  /** Of the window's start, inclusive; ms since the epoch. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  readonly metric?: string
  /** Each of these labels must have this value. */
  readonly labels?: Readonly<Record<string, string>>
  /** 1..1,000 */
  readonly limit: number
}

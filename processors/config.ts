import { type Broker, type Clock, DEFAULT_WATERMARK_OPTIONS } from '@weir/core'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Normalize } from './topologies/read-log-record.ts'

/** What every processor is given. */
export interface ProcessorDeps {
  readonly broker: Broker
  readonly clock: Clock
  readonly logger: Logger
  readonly registry: Registry
  readonly config?: Partial<ProcessorConfig>
}

/** What the combiner and the indexer are given besides. */
export interface LogReaderDeps extends ProcessorDeps {
  /** For values of topic `logs` that other producers wrote; by default core's own. */
  readonly normalize?: Normalize
}

export interface ProcessorConfig {
  /** Longest time between reading a record and committing it. ms */
  readonly commitIntervalMs: number
  /** How far the watermark stays behind the newest event time. ms */
  readonly outOfOrdernessMs: number
  /** How long after its end a window waits before it closes. Event time, ms */
  readonly graceMs: number
  /** After how long without records a partition stops holding the watermark back. Wall clock, ms */
  readonly idleMs: number
  /** Windows that each windower task holds in memory. */
  readonly maxWindows: number
  /**
   * Whether the combiner takes what it needs from a record's bytes where it can. Off, it decodes every record, at about
   * half the speed: for ruling the scanner out when a count is in doubt.
   */
  readonly fastPath: boolean
}

const DEFAULTS: ProcessorConfig = {
  commitIntervalMs: 500,
  outOfOrdernessMs: DEFAULT_WATERMARK_OPTIONS.outOfOrdernessMs,
  graceMs: 5_000,
  idleMs: DEFAULT_WATERMARK_OPTIONS.idleTimeoutMs,
  maxWindows: 10_000,
  fastPath: true,
}

export function withDefaults(config: Partial<ProcessorConfig> = {}): ProcessorConfig {
  return { ...DEFAULTS, ...config }
}

import {
  type AnomalyStore,
  BUILT_IN_METRICS,
  BUILT_IN_WATCH_RULES,
  type LogStore,
  type MetricDefinition,
  type MetricStore,
  type Role,
  type WatchRule,
} from '@weir/core'
import { type LogReaderDeps, type ProcessorDeps, withDefaults } from './config.ts'
import { TaskRunner } from './runtime/task-runner.ts'
import { combinerTopology } from './topologies/combiner.ts'
import { indexerTopology } from './topologies/indexer.ts'
import { normalizeForeign } from './topologies/read-log-record.ts'
import { windowerTopology } from './topologies/windower.ts'

export interface CombinerDeps extends LogReaderDeps {
  /** By default the built-in metrics. */
  readonly definitions?: readonly MetricDefinition[]
}

export interface WindowerDeps extends ProcessorDeps {
  readonly metricStore: MetricStore
  readonly anomalyStore: AnomalyStore
  /** By default those of the built-in metrics. */
  readonly watchRules?: readonly WatchRule[]
}

export interface IndexerDeps extends LogReaderDeps {
  readonly logStore: LogStore
}

/** Runs until stopped; its topics must be there. */
export async function startCombiner(deps: CombinerDeps): Promise<Role> {
  const { definitions = BUILT_IN_METRICS, normalize = normalizeForeign } = deps
  const { commitIntervalMs, outOfOrdernessMs, idleMs, fastPath } = withDefaults(deps.config)
  const watermark = { outOfOrdernessMs, idleTimeoutMs: idleMs }
  return new TaskRunner(combinerTopology({ definitions, normalize, watermark, commitIntervalMs, fastPath }), deps)
}

/** Runs until stopped; its topics must be there. The stores stay the caller's to close. */
export async function startWindower(deps: WindowerDeps): Promise<Role> {
  const { metricStore, anomalyStore, watchRules = BUILT_IN_WATCH_RULES } = deps
  const { commitIntervalMs, graceMs, maxWindows } = withDefaults(deps.config)
  const options = { metricStore, anomalyStore, watchRules, graceMs, commitIntervalMs, maxWindows }
  return new TaskRunner(windowerTopology(options), deps)
}

/** Runs until stopped; its topics must be there. The store stays the caller's to close. */
export async function startIndexer(deps: IndexerDeps): Promise<Role> {
  const { logStore, normalize = normalizeForeign } = deps
  const { commitIntervalMs } = withDefaults(deps.config)
  return new TaskRunner(indexerTopology({ logStore, normalize, commitIntervalMs }), deps)
}

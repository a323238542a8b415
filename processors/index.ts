export type { LogReaderDeps, ProcessorConfig, ProcessorDeps } from './config.ts'
export { type DriverOptions, type DriverRecord, TopologyTestDriver } from './runtime/topology-test-driver.ts'
export { VirtualClock } from './runtime/virtual-clock.ts'
export {
  type CombinerDeps,
  type IndexerDeps,
  startCombiner,
  startIndexer,
  startWindower,
  type WindowerDeps,
} from './start.ts'
export { combinerTopology } from './topologies/combiner.ts'
export { indexerTopology } from './topologies/indexer.ts'
export { type Normalize, normalizeForeign, type Rejection } from './topologies/read-log-record.ts'
export { windowerTopology } from './topologies/windower.ts'

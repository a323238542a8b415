import { type MetricDefinition, type RoleStatus, TOPICS } from '@weir/core'
import { pino } from 'pino'
import type { ApiDeps } from '../app.ts'
import { MemoryBroker } from './memory-broker.ts'
import { MemoryAnomalyStore, MemoryDocumentStore, MemoryLogStore, ScriptedMetricStore } from './memory-stores.ts'

export const NOW_MS = Date.UTC(2026, 4, 17, 10, 15, 3)

const DEFINITIONS: readonly MetricDefinition[] = [
  {
    name: 'logs.count',
    description: 'Log lines',
    unit: '1',
    kind: 'count',
    labelNames: ['service', 'severity'],
    maxSeries: 100,
    valueAttributes: [],
    labelAttributes: [],
    valueOf: () => 1,
    labelValues: ({ service }) => [service, ''],
  },
  {
    name: 'http.server.duration',
    description: 'Time to answer a request',
    unit: 'ms',
    kind: 'distribution',
    labelNames: ['service', 'route', 'method'],
    maxSeries: 100,
    valueAttributes: [],
    labelAttributes: [],
    valueOf: () => undefined,
    labelValues: ({ service }) => [service, '', ''],
  },
]

/** All that the API needs, in memory, with a clock that the test moves. */
export class MemoryWeir implements ApiDeps {
  readonly metricStore = new ScriptedMetricStore()
  readonly logStore = new MemoryLogStore()
  readonly anomalyStore = new MemoryAnomalyStore()
  readonly documentStore = new MemoryDocumentStore()
  readonly broker = new MemoryBroker({
    [TOPICS.logs]: 2,
    [TOPICS.logsDeadLetter]: 1,
    [TOPICS.metricDeltas]: 2,
    [TOPICS.metrics]: 1,
    [TOPICS.anomalies]: 1,
  })
  readonly definitions = DEFINITIONS
  nowMs = NOW_MS
  readonly clock = { now: () => this.nowMs }
  roleStates: RoleStatus[] = [{ role: 'indexer', state: 'running', counters: { records_in: 3 } }]
  readonly roles = async () => this.roleStates
  readonly prometheus = async () => 'weir_up 1\n'
  readonly logged: string[] = []
  readonly logger = pino({ level: 'debug' }, { write: (line: string) => this.logged.push(line) })

  /** A progress mark of a partition of `metric-deltas`. */
  mark(watermarkMs: number, partition = 0): void {
    const mark = {
      kind: 'progress',
      partition,
      watermarkMs,
      maxEventTimeMs: watermarkMs + 2_000,
      metrics: [],
      atMs: this.nowMs,
    }
    this.broker.put(TOPICS.metrics, 0, JSON.stringify(mark))
  }
}

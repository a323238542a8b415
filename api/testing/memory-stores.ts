import {
  type Anomaly,
  type AnomalyQuery,
  type AnomalyStore,
  type DocumentStore,
  type LogPage,
  type LogSearch,
  type LogStore,
  type MetricQuery,
  type MetricResult,
  type MetricStore,
  matchesTextTerms,
  type StoredDocument,
  type StoredLog,
  WeirError,
} from '@weir/core'

const readOnly = async () => {
  throw new Error('the API writes no such data')
}

/** Answers every query by one function, and counts them. */
export class ScriptedMetricStore implements MetricStore {
  queries = 0
  answer: (query: MetricQuery) => Promise<MetricResult> = async (query) => emptyResult(query)
  upsert = readOnly
  load = readOnly
  loadOpen = readOnly
  applyRetention = readOnly

  query(query: MetricQuery): Promise<MetricResult> {
    this.queries++
    return this.answer(query)
  }

  async metrics() {
    return [{ metric: 'logs.count', labelNames: ['service', 'severity'], series: 7 }]
  }

  async labelValues(_metric: string, _label: string, limit: number) {
    return ['cart', 'checkout', 'shop-api'].slice(0, limit)
  }

  async close() {}
}

export function emptyResult({ stepMs, fromMs, toMs }: MetricQuery): MetricResult {
  return { stepMs, fromMs, steps: (toMs - fromMs) / stepMs, groups: [], droppedGroups: 0 }
}

export class MemoryLogStore implements LogStore {
  logs: StoredLog[] = []
  searches = 0
  append = readOnly
  applyRetention = readOnly

  async search(search: LogSearch): Promise<LogPage> {
    this.searches++
    const found = this.logs
      .filter(({ record }) => record.timeMs >= search.fromMs && record.timeMs < search.toMs)
      .filter(({ record }) => record.severityNumber >= search.minSeverityNumber)
      .filter(({ record }) => search.services.length === 0 || search.services.includes(record.service))
      .filter(({ record }) => matchesTextTerms(search.terms, record.body))
      .sort((a, b) => b.record.timeMs - a.record.timeMs)
    const start = Number(search.cursor ?? 0)
    const logs = found.slice(start, start + search.limit)
    const next = start + logs.length
    return next < found.length ? { logs, nextCursor: String(next) } : { logs }
  }

  async get(id: string) {
    return this.logs.find((log) => log.id === id)
  }

  async count() {
    return this.logs.length
  }

  async services() {
    return [...new Set(this.logs.map(({ record }) => record.service))].sort()
  }

  async close() {}
}

export class MemoryAnomalyStore implements AnomalyStore {
  anomalies: Anomaly[] = []
  applyRetention = readOnly

  async put(anomalies: readonly Anomaly[]) {
    this.anomalies.push(...anomalies)
  }

  async query({ fromMs, toMs, metric, limit }: AnomalyQuery) {
    return this.anomalies
      .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
      .filter((anomaly) => metric === undefined || anomaly.metric === metric)
      .slice(0, limit)
  }

  async close() {}
}

export class MemoryDocumentStore implements DocumentStore {
  readonly #documents = new Map<string, StoredDocument<unknown>>()

  async get<T>(kind: string, id: string) {
    return this.#documents.get(`${kind} ${id}`) as StoredDocument<T> | undefined
  }

  async list<T>(kind: string, { limit, after = '' }: { limit: number; after?: string }) {
    return [...this.#documents.values()]
      .filter((document) => document.kind === kind && document.id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit) as StoredDocument<T>[]
  }

  async put<T>(kind: string, id: string, body: T, expectedVersion: number) {
    this.#check(kind, id, expectedVersion)
    const stored = { kind, id, version: expectedVersion + 1, updatedMs: 0, body }
    this.#documents.set(`${kind} ${id}`, stored)
    return stored
  }

  async remove(kind: string, id: string, expectedVersion: number) {
    this.#check(kind, id, expectedVersion)
    this.#documents.delete(`${kind} ${id}`)
  }

  async close() {}

  #check(kind: string, id: string, expectedVersion: number): void {
    const version = this.#documents.get(`${kind} ${id}`)?.version ?? 0
    if (version !== expectedVersion) {
      throw new WeirError('WEIR_VERSION_CONFLICT', `${kind} ${id} has version ${version}, not ${expectedVersion}.`)
    }
  }
}

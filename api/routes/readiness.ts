import { setTimeout as sleep } from 'node:timers/promises'
import type { AnomalyStore, DocumentStore, LogStore, MetricDefinition, MetricStore, RoleStatus } from '@weir/core'
import type { Readiness } from '../schemas/operations.ts'

const CHECK_TIMEOUT_MS = 2_000

export interface ReadinessSources {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  readonly anomalyStore: AnomalyStore
  readonly documentStore: DocumentStore
  readonly definitions: readonly MetricDefinition[]
  readonly roles: () => Promise<readonly RoleStatus[]>
  /** Of what the API itself runs in the background. */
  readonly problems: () => readonly string[]
}

/** Ready: every role runs and every store answers a small read in time. */
export async function checkReadiness(sources: ReadinessSources): Promise<Readiness> {
  const { metricStore, logStore, anomalyStore, documentStore, definitions, roles, problems } = sources
  const [definition] = definitions
  const found = await Promise.all([
    problemOf('metric store', () =>
      metricStore.labelValues(definition?.name ?? '', definition?.labelNames[0] ?? '', 1),
    ),
    problemOf('log store', () => logStore.services()),
    problemOf('anomaly store', () => anomalyStore.query({ fromMs: 0, toMs: 1, limit: 1 })),
    problemOf('document store', () => documentStore.list('annotation', { limit: 1 })),
    problemOf('roles', async () => {
      const idle = (await roles()).filter(({ state }) => state !== 'running')
      const sentences = idle.map(({ role, state, detail }) => `${role} is ${state}${detail ? ` (${detail})` : ''}`)
      if (sentences.length > 0) throw new Error(sentences.join(', '))
    }),
  ])
  const reasons = [...found.filter((problem) => problem !== undefined), ...problems()]
  return { ready: reasons.length === 0, reasons }
}

/** @returns why the check failed; undefined if it did not */
async function problemOf(name: string, check: () => Promise<unknown>): Promise<string | undefined> {
  const done = new AbortController()
  const late = sleep(CHECK_TIMEOUT_MS, `${name}: no answer within ${CHECK_TIMEOUT_MS} ms`, { signal: done.signal })
  try {
    return await Promise.race([check().then(() => undefined), late])
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    late.catch(() => {
      // Aborted below: the check was in time.
    })
    done.abort()
  }
}

import type { WeirProcess } from '@weir/cli/testing'

export interface MetricGroup {
  readonly labels: Record<string, string>
  readonly totals: Record<string, number | null>
  readonly columns: Record<string, (number | null)[]>
}

export interface MetricAnswer {
  readonly type: string
  readonly message?: string
  readonly fromMs: number
  readonly stepMs: number
  readonly groups: readonly MetricGroup[]
}

/** One metric query through `POST /api/query`. */
export async function metricQuery(weir: WeirProcess, query: Record<string, unknown>): Promise<MetricAnswer> {
  const body = { queries: [{ id: 'q', type: 'metric', maxGroups: 1_000, ...query }] }
  const { answers } = await weir.post<{ answers: MetricAnswer[] }>('/api/query', body)
  const [answer] = answers
  if (answer?.type !== 'metric') throw new Error(`the query failed: ${answer?.message ?? 'no answer'}`)
  return answer
}

/** Total count of a metric over the last ten years, 0 if there is none. */
export async function totalCount(weir: WeirProcess, metric: string): Promise<number> {
  const range = { fromMs: Date.now() - 15 * 365 * 86_400_000, toMs: Date.now() + 86_400_000 }
  const answer = await metricQuery(weir, { metric, aggregates: ['count'], range, maxPoints: 100 })
  return answer.groups[0]?.totals.count ?? 0
}

export interface PipelineState {
  readonly totals: Readonly<Record<'in' | 'stored' | 'deadLettered' | 'dropped' | 'inFlight', number>>
  readonly completeToMs: number | null
}

export function pipeline(weir: WeirProcess): Promise<PipelineState> {
  return weir.get<PipelineState>('/api/pipeline')
}

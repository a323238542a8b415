import {
  type AnomalyQuery,
  chooseStepMs,
  type LogSearch,
  type MetricDefinition,
  type MetricQuery,
  PANE_MS,
  parseTextTerms,
  resolutionFor,
  severityFloor,
  WeirError,
} from '@weir/core'
import type { ApiLimits } from '../limits.ts'
import type { Query, TimeRange } from '../schemas/query.ts'

type QueryOf<T extends Query['type']> = Extract<Query, { type: T }>

/** A query as its store takes it: every default filled in, every time absolute. Equal ones have equal answers. */
export type ResolvedQuery =
  | { readonly type: 'metric'; readonly query: MetricQuery; readonly unit: string }
  | { readonly type: 'logs'; readonly search: LogSearch }
  | { readonly type: 'anomalies'; readonly query: AnomalyQuery }
  | { readonly type: 'annotations'; readonly fromMs: number; readonly toMs: number }

export interface ResolveContext {
  readonly nowMs: number
  readonly definitions: ReadonlyMap<string, MetricDefinition>
  readonly limits: ApiLimits
}

/**
 * Ranges are widened to whole steps (metrics), relative ones of the others end at the end of the present 10 s pane: so
 * a query asked again in the same step is the same query.
 *
 * @throws WEIR_QUERY_INVALID, WEIR_QUERY_TOO_COSTLY
 */
export function resolveQuery(query: Query, context: ResolveContext): ResolvedQuery {
  switch (query.type) {
    case 'metric':
      return resolveMetric(query, context)
    case 'logs':
      return resolveLogs(query, context.nowMs)
    case 'anomalies':
      return {
        type: 'anomalies',
        query: {
          ...alignRange(query.range, context.nowMs, PANE_MS),
          ...(query.metric === undefined ? {} : { metric: query.metric }),
          ...(query.labels === undefined ? {} : { labels: query.labels }),
          limit: query.limit ?? 100,
        },
      }
    case 'annotations':
      return { type: 'annotations', ...alignRange(query.range, context.nowMs, PANE_MS) }
  }
}

function resolveMetric(query: QueryOf<'metric'>, { nowMs, definitions, limits }: ResolveContext): ResolvedQuery {
  const definition = definitions.get(query.metric)
  if (!definition) {
    const known = [...definitions.keys()].join(', ')
    throw invalid(query, `there is no metric ${JSON.stringify(query.metric)}; there are ${known}`)
  }
  const filters = query.filters ?? []
  const groupBy = query.groupBy ?? []
  for (const label of [...groupBy, ...filters.map((filter) => filter.label)]) {
    if (definition.labelNames.includes(label)) continue
    throw invalid(
      query,
      `${definition.name} has no label ${JSON.stringify(label)}; it has ${definition.labelNames.join(', ')}`,
    )
  }
  const quantile = query.aggregates.find((name) => /^p\d/.test(name))
  if (quantile !== undefined && definition.kind !== 'distribution') {
    throw invalid(query, `${definition.name} keeps no percentiles, so there is no ${quantile} of it`)
  }

  const stepMs = query.stepMs ?? chooseStep(query.range, query.maxPoints ?? 300)
  if (resolutionFor(stepMs) === undefined)
    throw invalid(query, `stepMs must be a multiple of ${PANE_MS}, not ${stepMs}`)
  const range = alignMetricRange(query.range, nowMs, stepMs)
  const maxGroups = query.maxGroups ?? 50
  checkCost(query, (range.toMs - range.fromMs) / stepMs, maxGroups, limits)
  return {
    type: 'metric',
    unit: definition.unit,
    query: { metric: query.metric, filters, groupBy, aggregates: query.aggregates, ...range, stepMs, maxGroups },
  }
}

function chooseStep(range: TimeRange, maxPoints: number): number {
  if ('lastMs' in range) return chooseStepMs(0, range.lastMs, maxPoints)
  return chooseStepMs(range.fromMs, checkedEnd(range), maxPoints)
}

/** Whole steps around the range: an absolute range between two steps may get one point more than it asked for. */
function alignMetricRange(range: TimeRange, nowMs: number, stepMs: number): { fromMs: number; toMs: number } {
  if ('lastMs' in range) {
    const toMs = Math.ceil(nowMs / stepMs) * stepMs
    return { fromMs: Math.max(0, toMs - Math.ceil(range.lastMs / stepMs) * stepMs), toMs }
  }
  return {
    fromMs: Math.floor(range.fromMs / stepMs) * stepMs,
    toMs: Math.ceil(checkedEnd(range) / stepMs) * stepMs,
  }
}

function checkCost(query: QueryOf<'metric'>, steps: number, maxGroups: number, limits: ApiLimits): void {
  const cells = steps * maxGroups * query.aggregates.length
  if (steps <= limits.maxSteps && cells <= limits.maxCells) return
  throw new WeirError(
    'WEIR_QUERY_TOO_COSTLY',
    `Query ${query.id}: ${steps} steps of up to ${maxGroups} groups and ${query.aggregates.length} aggregates are over ` +
      `the bound of ${limits.maxSteps} steps and ${limits.maxCells} values; raise stepMs or shorten the range.`,
  )
}

function resolveLogs(query: QueryOf<'logs'>, nowMs: number): ResolvedQuery {
  return {
    type: 'logs',
    search: {
      ...alignRange(query.range, nowMs, PANE_MS),
      terms: parseTextTerms(query.text ?? ''),
      services: query.services ?? [],
      minSeverityNumber: severityFloor(query.minSeverity ?? 'unknown'),
      limit: query.limit ?? 100,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    },
  }
}

/** A relative range ends at the next multiple of `alignMs`; an absolute one stays as it is. */
function alignRange(range: TimeRange, nowMs: number, alignMs: number): { fromMs: number; toMs: number } {
  if ('lastMs' in range) {
    const toMs = Math.ceil(nowMs / alignMs) * alignMs
    return { fromMs: Math.max(0, toMs - range.lastMs), toMs }
  }
  return { fromMs: range.fromMs, toMs: checkedEnd(range) }
}

function checkedEnd(range: { fromMs: number; toMs: number }): number {
  if (range.fromMs < range.toMs) return range.toMs
  throw new WeirError(
    'WEIR_QUERY_INVALID',
    `The range is empty: fromMs ${range.fromMs} is not before toMs ${range.toMs}.`,
  )
}

function invalid(query: Query, reason: string): WeirError {
  return new WeirError('WEIR_QUERY_INVALID', `Query ${query.id}: ${reason}.`)
}

import type { LogsQuestion, MetricQuestion, MinSeverity } from '../../api/answers.ts'
import type { LogsParams } from '../../app/search-params.ts'
import type { Range } from '../../time/range.ts'

const SEVERITY_ORDER = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
export const PAGE_LINES = 200

export function linesQuestion(range: Range, params: LogsParams): LogsQuestion {
  return {
    type: 'logs',
    range,
    limit: PAGE_LINES,
    ...(params.q ? { text: params.q } : {}),
    ...(params.services ? { services: params.services } : {}),
    ...(params.severity ? { minSeverity: params.severity } : {}),
  }
}

/** Unfiltered: histogram and facets are all cut from it, so a change of filter needs no new answer. */
export function countsQuestion(range: Range): MetricQuestion {
  return {
    type: 'metric',
    range,
    metric: 'logs.count',
    aggregates: ['count'],
    groupBy: ['service', 'severity'],
    maxPoints: 120,
    maxGroups: 300,
  }
}

/** Lines without a severity pass only where none is asked for. */
export function passesSeverity(severity: string, least: MinSeverity | undefined): boolean {
  return least === undefined || SEVERITY_ORDER.indexOf(severity) >= SEVERITY_ORDER.indexOf(least)
}

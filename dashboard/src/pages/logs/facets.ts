import type { MetricAnswer } from '../../api/answers.ts'
import type { LogsParams } from '../../app/search-params.ts'
import { passesSeverity } from './questions.ts'

export interface FacetValue {
  readonly value: string
  readonly count: number
}

/** Worst first. */
const SEVERITIES = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown']

type Filter = Pick<LogsParams, 'services' | 'severity'>

/** Counts by one label. A facet leaves out its own filter: it shows what choosing another value would give. */
export function facets(answer: MetricAnswer, filter: Filter): { services: FacetValue[]; severities: FacetValue[] } {
  const services = new Map<string, number>()
  const severities = new Map<string, number>()
  for (const group of answer.groups) {
    const { service = '', severity = 'unknown' } = group.labels
    const count = group.totals.count ?? 0
    if (passesSeverity(severity, filter.severity)) services.set(service, (services.get(service) ?? 0) + count)
    if (!filter.services || filter.services.includes(service)) {
      severities.set(severity, (severities.get(severity) ?? 0) + count)
    }
  }
  return {
    services: [...services]
      .map(([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value)),
    severities: SEVERITIES.flatMap((value) => {
      const count = severities.get(value)
      return count === undefined ? [] : [{ value, count }]
    }),
  }
}

/** The groups that the filters let through. */
export function filtered(answer: MetricAnswer, filter: Filter): MetricAnswer {
  const groups = answer.groups.filter(
    (group) =>
      passesSeverity(group.labels.severity ?? 'unknown', filter.severity) &&
      (!filter.services || filter.services.includes(group.labels.service ?? '')),
  )
  return { ...answer, groups }
}

export function totalOf(answer: MetricAnswer): number {
  return answer.groups.reduce((sum, group) => sum + (group.totals.count ?? 0), 0)
}

import type { LabelFilter } from '../ports/metric-store.ts'
import type { Labels } from './series.ts'

/** Whether a series passes every filter; a label that it lacks has the value ''. */
export function passesFilters(labels: Labels, filters: readonly LabelFilter[]): boolean {
  return filters.every((filter) => filter.values.includes(labels[filter.label] ?? '') === (filter.op === 'in'))
}

/** The labels that a series is grouped under: every name of `groupBy`, '' where the series lacks it. */
export function groupLabels(labels: Labels, groupBy: readonly string[]): Labels {
  return Object.fromEntries(groupBy.map((name) => [name, labels[name] ?? '']))
}

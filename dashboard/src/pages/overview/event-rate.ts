import type { MetricAnswer } from '../../api/answers.ts'
import { type ChartData, type ChartSeries, columnOf, sumColumns } from '../../charts/chart-data.ts'
import { toneOf } from '../../logs/severity.ts'
import { seriesColour } from '../../theme/series-colour.ts'
import type { Tokens } from '../../theme/tokens.ts'
import { periodOf } from './period.ts'

/** Bottom to top: the worst on the baseline, where its shape can be read. */
const STACK = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown']
const MAX_SERVICES = 11
/** Key of the services that have no series of their own. */
export const OTHERS = '(others)'

export type SplitBy = 'severity' | 'service'

/** Counts of lines as events per second, stacked. @param answer `logs.count` by service and severity */
export function eventRateData(answer: MetricAnswer, spanMs: number, by: SplitBy, tokens: Tokens): ChartData {
  const { firstStep } = periodOf(answer, spanMs)
  const perSecond = (columns: readonly (readonly (number | null)[])[]) =>
    sumColumns(columns, answer.steps)
      .slice(firstStep)
      .map((count) => (count === null ? null : count / (answer.stepMs / 1000)))
  const columnsBy = new Map<string, (readonly (number | null)[])[]>()
  for (const group of answer.groups) {
    const name = group.labels[by] ?? ''
    const columns = columnsBy.get(name) ?? []
    columns.push(columnOf(answer, group, 'count'))
    columnsBy.set(name, columns)
  }
  return {
    kind: 'bars',
    scale: 'linear',
    unit: '/s',
    fromMs: answer.fromMs + firstStep * answer.stepMs,
    stepMs: answer.stepMs,
    steps: answer.steps - firstStep,
    completeToMs: answer.completeToMs,
    series:
      by === 'severity' ? severitySeries(columnsBy, perSecond, tokens) : serviceSeries(columnsBy, perSecond, tokens),
  }
}

type Columns = ReadonlyMap<string, (readonly (number | null)[])[]>
type PerSecond = (columns: readonly (readonly (number | null)[])[]) => (number | null)[]

function severitySeries(columns: Columns, perSecond: PerSecond, tokens: Tokens): ChartSeries[] {
  return STACK.flatMap((severity) => {
    const own = columns.get(severity)
    if (!own) return []
    return [{ key: severity, name: severity, colour: tokens.severityFill[toneOf(severity)], values: perSecond(own) }]
  })
}

function serviceSeries(columns: Columns, perSecond: PerSecond, tokens: Tokens): ChartSeries[] {
  const all = [...columns]
    .map(([service, own]) => {
      const values = perSecond(own)
      return { service, own, total: values.reduce<number>((sum, value) => sum + (value ?? 0), 0), values }
    })
    .toSorted((a, b) => b.total - a.total || a.service.localeCompare(b.service))
  const series = all.slice(0, MAX_SERVICES).map(({ service, values }) => ({
    key: service,
    name: service === '' ? 'no service' : service,
    colour: seriesColour(service, tokens),
    values,
  }))
  const rest = all.slice(MAX_SERVICES)
  if (rest.length === 0) return series
  const values = perSecond(rest.flatMap(({ own }) => own))
  return [...series, { key: OTHERS, name: `${rest.length} others`, colour: tokens.severityFill.debug, values }]
}

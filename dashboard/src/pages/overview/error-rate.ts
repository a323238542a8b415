import type { MetricAnswer } from '../../api/answers.ts'
import { type ChartData, type ChartSeries, columnOf, sumColumns } from '../../charts/chart-data.ts'
import { seriesColour } from '../../theme/series-colour.ts'
import type { Tokens } from '../../theme/tokens.ts'
import { periodOf } from './period.ts'

type Column = readonly (number | null)[]

/** What an error is counted among: requests, or lines where a service serves no HTTP. */
export type Basis = 'requests' | 'lines'

const ERROR_SEVERITIES = new Set(['error', 'fatal'])
/** The worst are shown; more lines than this cannot be told apart. */
const MAX_SERVICES = 8

function isServerError(labels: Readonly<Record<string, string>>): boolean {
  return labels.status?.startsWith('5') === true && labels.status.length === 3
}

function isErrorLine(labels: Readonly<Record<string, string>>): boolean {
  return ERROR_SEVERITIES.has(labels.severity ?? '')
}

/** Per cent of `all`, step by step; a gap where there is nothing to be a part of. */
export function percentOf(part: Column, all: Column): (number | null)[] {
  return all.map((total, step) => (total === null || total === 0 ? null : ((part[step] ?? 0) / total) * 100))
}

function sharesBy(
  answer: MetricAnswer,
  isError: (labels: Readonly<Record<string, string>>) => boolean,
): Map<string, (number | null)[]> {
  const byService = new Map<string, { all: Column[]; errors: Column[] }>()
  for (const group of answer.groups) {
    const service = group.labels.service ?? ''
    const columns = byService.get(service) ?? { all: [], errors: [] }
    const column = columnOf(answer, group, 'count')
    columns.all.push(column)
    if (isError(group.labels)) columns.errors.push(column)
    byService.set(service, columns)
  }
  return new Map(
    [...byService].map(([service, { all, errors }]) => [
      service,
      percentOf(sumColumns(errors, answer.steps), sumColumns(all, answer.steps)),
    ]),
  )
}

/** All services together: the share of failed requests, or of error lines where nobody serves HTTP. */
export function overallErrorShare(
  requests: MetricAnswer,
  events: MetricAnswer,
): { basis: Basis; answer: MetricAnswer; percent: (number | null)[] } {
  const basis: Basis = requests.groups.length > 0 ? 'requests' : 'lines'
  const answer = basis === 'requests' ? requests : events
  const isError = basis === 'requests' ? isServerError : isErrorLine
  const columns = (groups: MetricAnswer['groups']) => groups.map((group) => columnOf(answer, group, 'count'))
  const all = sumColumns(columns(answer.groups), answer.steps)
  const errors = sumColumns(columns(answer.groups.filter((group) => isError(group.labels))), answer.steps)
  return { basis, answer, percent: percentOf(errors, all) }
}

/** A line a service, the worst first. Both answers were asked with the same range and step. */
export function errorRateData(
  requests: MetricAnswer,
  events: MetricAnswer,
  spanMs: number,
  tokens: Tokens,
): { data: ChartData; bases: ReadonlySet<Basis> } {
  const { firstStep, completeSteps } = periodOf(events, spanMs)
  const byRequests = sharesBy(requests, isServerError)
  const byLines = sharesBy(events, isErrorLine)
  const bases = new Set<Basis>()
  const sameSteps = requests.fromMs === events.fromMs && requests.stepMs === events.stepMs
  const all = [...new Set([...byRequests.keys(), ...byLines.keys()])].map((service) => {
    const percent = sameSteps ? byRequests.get(service) : undefined
    return {
      service,
      percent: percent ?? byLines.get(service) ?? [],
      basis: percent ? ('requests' as const) : ('lines' as const),
    }
  })
  const lastOf = (percent: Column) => percent.slice(firstStep, completeSteps).findLast((value) => value !== null) ?? 0
  const worst = all
    .filter(({ percent }) => percent.slice(firstStep).some((value) => value !== null))
    .toSorted((a, b) => lastOf(b.percent) - lastOf(a.percent) || a.service.localeCompare(b.service))
    .slice(0, MAX_SERVICES)
  const series: ChartSeries[] = worst.map(({ service, percent, basis }) => {
    bases.add(basis)
    return {
      key: service,
      name: service === '' ? 'no service' : service,
      colour: seriesColour(service, tokens),
      values: percent.slice(firstStep),
    }
  })
  return {
    bases,
    data: {
      kind: 'lines',
      scale: 'linear',
      unit: '%',
      fromMs: events.fromMs + firstStep * events.stepMs,
      stepMs: events.stepMs,
      steps: events.steps - firstStep,
      completeToMs: events.completeToMs,
      series,
    },
  }
}

import { severityName } from '../records/severity.ts'
import type { MetricDefinition, MetricFields } from './definition.ts'

const STATUS = 'http.response.status_code'
const ROUTE = 'http.route'
const METHOD = 'http.request.method'
const DURATION = 'duration_ms'
const BODY_SIZE = 'http.response.body.size'
const HTTP_LABELS = ['service', 'route', 'method'] as const

/**
 * Metrics that Weir keeps of every stream of logs. The HTTP ones are of records that have `http.response.status_code`;
 * a status that is not a number of three digits makes their value NaN, which the combiner counts and leaves out.
 */
export const BUILT_IN_METRICS: readonly MetricDefinition[] = [
  {
    name: 'logs.count',
    description: 'Log lines.',
    unit: '1',
    kind: 'count',
    labelNames: ['service', 'severity'],
    maxSeries: 2_000,
    valueAttributes: [],
    labelAttributes: [],
    valueOf: () => 1,
    labelValues: (record) => [record.service, severityName(record.severityNumber)],
  },
  {
    name: 'http.server.requests',
    description: 'HTTP requests answered.',
    unit: '1',
    kind: 'count',
    labelNames: [...HTTP_LABELS, 'status'],
    maxSeries: 2_000,
    valueAttributes: [STATUS],
    labelAttributes: [ROUTE, METHOD, STATUS],
    valueOf: (record) => {
      const status = statusOf(record)
      return status === undefined || Number.isNaN(status) ? status : 1
    },
    labelValues: (record) => [
      record.service,
      textOf(record, ROUTE),
      textOf(record, METHOD),
      String(record.attributes[STATUS]),
    ],
  },
  {
    name: 'http.server.duration',
    description: 'Time to answer an HTTP request.',
    unit: 'ms',
    kind: 'distribution',
    labelNames: HTTP_LABELS,
    maxSeries: 2_000,
    measure: DURATION,
    valueAttributes: [STATUS],
    labelAttributes: [ROUTE, METHOD],
    valueOf: (record) => numberOf(record, DURATION),
    labelValues: httpLabels,
  },
  {
    name: 'http.server.bytes',
    description: 'Bytes of the bodies of HTTP answers.',
    unit: 'By',
    kind: 'sum',
    labelNames: HTTP_LABELS,
    maxSeries: 2_000,
    measure: BODY_SIZE,
    valueAttributes: [STATUS],
    labelAttributes: [ROUTE, METHOD],
    valueOf: (record) => numberOf(record, BODY_SIZE),
    labelValues: httpLabels,
  },
  {
    name: 'http.server.errors',
    description: 'HTTP requests answered with a status of 500 or above.',
    unit: '1',
    kind: 'count',
    labelNames: HTTP_LABELS,
    maxSeries: 2_000,
    valueAttributes: [STATUS],
    labelAttributes: [ROUTE, METHOD],
    valueOf: (record) => {
      const status = statusOf(record)
      return status !== undefined && status >= 500 ? 1 : undefined
    },
    labelValues: httpLabels,
  },
  {
    name: 'http.server.error_share',
    description: 'Share of HTTP requests answered with a status of 500 or above: avg is the share, sum the errors.',
    unit: '1',
    kind: 'sum',
    labelNames: HTTP_LABELS,
    maxSeries: 2_000,
    valueAttributes: [STATUS],
    labelAttributes: [ROUTE, METHOD],
    valueOf: (record) => {
      const status = statusOf(record)
      if (status === undefined || Number.isNaN(status)) return status
      return status >= 500 ? 1 : 0
    },
    labelValues: httpLabels,
  },
]

/** Shared by several definitions, so that the combiner looks their series up once. */
function httpLabels(record: MetricFields): readonly string[] {
  return [record.service, textOf(record, ROUTE), textOf(record, METHOD)]
}

/** undefined: not an HTTP record; NaN: it has a status that is none. */
function statusOf(record: MetricFields): number | undefined {
  const status = record.attributes[STATUS]
  if (status === undefined || status === null) return undefined
  const code = typeof status === 'number' ? status : typeof status === 'string' ? Number(status) : Number.NaN
  return Number.isInteger(code) && code >= 100 && code <= 999 ? code : Number.NaN
}

function numberOf(record: MetricFields, name: string): number | undefined {
  const value = record.attributes[name]
  if (value === undefined || value === null || record.attributes[STATUS] === undefined) return undefined
  return typeof value === 'number' ? value : Number.NaN
}

function textOf(record: MetricFields, name: string): string {
  const value = record.attributes[name]
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : String(value)
}

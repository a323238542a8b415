import type { MinSeverity } from '../api/answers.ts'
import type { RangeParams } from '../time/range.ts'

/** What every page has in its URL. `live=false` stops the updates. */
export interface PageParams extends RangeParams {
  readonly live?: false
}

export interface OverviewParams {
  /** Service whose latency is shown; absent: chosen by the page. */
  readonly latency?: string
  readonly by?: 'service'
  readonly find?: string
}

export interface LogsParams {
  readonly q?: string
  readonly services?: string[]
  readonly severity?: MinSeverity
  /** Id of the line that is open. */
  readonly line?: string
}

export interface AnomaliesParams {
  readonly of?: string
  readonly level?: 'error'
  /** Service. */
  readonly at?: string
}

type Raw = Readonly<Record<string, unknown>>

/** The router parses `q=500` as a number: what is meant as text is text again. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function texts(value: unknown): string[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).map(text).filter((item) => item !== undefined)
  return list.length > 0 ? list.slice(0, 50) : undefined
}

/** Leaves out what is undefined, so that the URL stays clean. */
function defined<T extends object>(params: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as T
}

export const MIN_SEVERITIES = ['debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly MinSeverity[]

export function pageParams(raw: Raw): PageParams {
  return defined<PageParams>({
    range: text(raw.range),
    from: time(raw.from),
    to: time(raw.to),
    live: raw.live === false ? false : undefined,
  })
}

export function overviewParams(raw: Raw): OverviewParams {
  return defined<OverviewParams>({
    latency: text(raw.latency),
    by: raw.by === 'service' ? 'service' : undefined,
    find: text(raw.find),
  })
}

export function logsParams(raw: Raw): LogsParams {
  return defined<LogsParams>({
    q: text(raw.q),
    services: texts(raw.services),
    severity: MIN_SEVERITIES.find((severity) => severity === raw.severity),
    line: text(raw.line),
  })
}

export function anomaliesParams(raw: Raw): AnomaliesParams {
  return defined<AnomaliesParams>({
    of: text(raw.of),
    level: raw.level === 'error' ? 'error' : undefined,
    at: text(raw.at),
  })
}

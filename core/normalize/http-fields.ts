import type { AttributeSet } from './attribute-set.ts'
import { parseDurationMs } from './parse-duration.ts'
import { routeTemplate } from './route-template.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])

/** The name of an HTTP method as OpenTelemetry writes it, undefined for anything that is none (a class's `method`). */
export function parseMethod(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (METHODS.has(value)) return value
  const upper = value.length <= 8 ? value.toUpperCase() : ''
  return METHODS.has(upper) ? upper : undefined
}

/** 100..599 as number or digits; undefined for anything else (an order's `status`). */
export function parseStatusCode(value: unknown): number | undefined {
  const code = typeof value === 'string' && value.length === 3 ? Number(value) : value
  return typeof code === 'number' && Number.isInteger(code) && code >= 100 && code <= 599 ? code : undefined
}

/** A size in bytes, ≥ 0; `-` (an access log's "none") is 0. */
export function parseByteCount(value: unknown): number | undefined {
  if (value === '-') return 0
  const size = typeof value === 'string' && value !== '' && value.length <= 16 ? Number(value) : value
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined
}

/**
 * Sets `url.path` and, where there is one, `url.query` of a request target: `/a?b=1`, or a whole URL, whose scheme and
 * host are left out.
 *
 * @returns the path
 */
export function setUrl(attributes: AttributeSet, target: string): string {
  let start = 0
  const scheme = target.indexOf('://')
  if (scheme > 0 && scheme < 12) {
    const slash = target.indexOf('/', scheme + 3)
    start = slash < 0 ? target.length : slash
  }
  const question = target.indexOf('?', start)
  const hash = target.indexOf('#', start)
  let end = question < 0 ? target.length : question
  if (hash >= 0 && hash < end) end = hash
  const path = start === end ? '/' : target.slice(start, end)
  attributes.set('url.path', path)
  if (question >= 0 && question + 1 < target.length && end === question) {
    attributes.set('url.query', target.slice(question + 1, hash > question ? hash : undefined))
  }
  return path
}

/** Sets `http.route` from the path unless the record names its own. */
export function setRoute(attributes: AttributeSet, path: string): void {
  attributes.set('http.route', routeTemplate(path))
}

/** Sets `duration_ms` and says whether the value was a duration. */
export function setDuration(attributes: AttributeSet, value: unknown, msPerUnit: number): boolean {
  const durationMs = parseDurationMs(value, msPerUnit)
  if (durationMs === undefined) return false
  attributes.set('duration_ms', durationMs)
  return true
}

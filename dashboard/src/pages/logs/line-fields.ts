import type { LogLine } from '../../api/answers.ts'
import { type LogsParams, MIN_SEVERITIES } from '../../app/search-params.ts'

export interface Field {
  readonly name: string
  readonly value: string
}

/** What a line says besides its time and message. */
export function fieldsOf(line: LogLine): Field[] {
  const own: Field[] = [
    { name: 'service', value: line.service },
    { name: 'severity', value: line.severity },
    ...(line.traceId ? [{ name: 'trace_id', value: line.traceId }] : []),
    ...(line.spanId ? [{ name: 'span_id', value: line.spanId }] : []),
  ]
  const attributes = Object.entries(line.attributes).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
  return [...own, ...attributes]
}

/**
 * The search that a click on a field leads to; undefined where none would find the line again: text search looks at
 * messages and trace ids, not at every attribute.
 */
export function filterFor(line: LogLine, field: Field, params: LogsParams): LogsParams | undefined {
  if (field.name === 'service') return { ...params, services: [field.value] }
  if (field.name === 'severity') {
    const severity = MIN_SEVERITIES.find((name) => name === field.value)
    return severity && { ...params, severity }
  }
  const inBody = field.value.length >= 3 && line.body.toLowerCase().includes(field.value.toLowerCase())
  if (field.name !== 'trace_id' && !inBody) return undefined
  const phrase = `"${field.value.replaceAll('"', ' ')}"`
  if (params.q?.includes(phrase)) return params
  return { ...params, q: params.q ? `${params.q} ${phrase}` : phrase }
}

import { type StoredLog, severityName } from '@weir/core'
import type { LogLine } from '../schemas/query.ts'

export function logLine({ id, record }: StoredLog): LogLine {
  const { timeMs, timeNanos, observedTimeMs, service, severityNumber, body, traceId, spanId, attributes } = record
  return {
    id,
    timeMs,
    ...(timeNanos === undefined ? {} : { timeNanos }),
    observedTimeMs,
    service,
    severity: severityName(severityNumber),
    severityNumber,
    body,
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: { ...attributes },
  }
}

import type { LogEntry, LogRecord } from '@weir/core'

/** A record of service `shop` at the time, with what the test cares about. */
export function logRecord(timeMs: number, body: string, fields: Partial<LogRecord> = {}): LogRecord {
  return {
    timeMs,
    observedTimeMs: timeMs + 5,
    service: 'shop',
    severityNumber: 9,
    body,
    attributes: { 'http.request.method': 'POST' },
    ...fields,
  }
}

/** The records as they follow each other in a partition, each taken in by the broker at its own time. */
export function logEntries(records: readonly LogRecord[], firstOffset = 0): LogEntry[] {
  return records.map((record, i) => ({ offset: firstOffset + i, brokerTimeMs: record.timeMs, record }))
}

import {
  type Aggregate,
  type Attributes,
  encodeDelta,
  encodeLogRecord,
  encodeMark,
  type LogRecord,
  type Series,
  seriesId,
} from '@weir/core'
import type { DriverRecord } from '../runtime/topology-test-driver.ts'

const encoder = new TextEncoder()

export function logRecord(timeMs: number, fields: Partial<LogRecord> = {}): LogRecord {
  return { timeMs, observedTimeMs: timeMs, service: 'web', severityNumber: 9, body: 'hello', attributes: {}, ...fields }
}

/** A value of topic `logs` in Weir's own form. */
export function logValue(timeMs: number, fields: Partial<LogRecord> = {}): Uint8Array {
  return encodeLogRecord(logRecord(timeMs, fields))
}

export function request(status: number, durationMs: number, route = '/api/orders'): { attributes: Attributes } {
  return {
    attributes: {
      'http.response.status_code': status,
      'http.request.method': 'POST',
      'http.route': route,
      duration_ms: durationMs,
      'http.response.body.size': 100,
    },
  }
}

/** A delta of a metric that only counts. */
export function countDelta(series: Series, paneStartMs: number, count: number): DriverRecord {
  return aggregateDelta(series, paneStartMs, { count, sum: count, min: 1, max: 1, sketch: null })
}

export function aggregateDelta(series: Series, paneStartMs: number, aggregate: Aggregate): DriverRecord {
  const value = encodeDelta({ paneStartMs, maxEventTimeMs: paneStartMs + 9_999, aggregate })
  return { key: encoder.encode(seriesId(series)), value, timestampMs: paneStartMs }
}

export function mark(watermarkMs: number, idle = false, sourcePartition = 0, sourcePartitions = 1): DriverRecord {
  return { key: null, value: encodeMark({ sourcePartition, sourcePartitions, watermarkMs, idle }), timestampMs: 0 }
}

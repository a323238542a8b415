import { encodeLogRecord, type LogRecord, type RecordBatch, RecordBatchBuilder } from '@weir/core'

const SERVICES = ['shop-api', 'checkout', 'payments', 'inventory', 'chat']
const METHODS = ['GET', 'GET', 'GET', 'POST']
const ROUTES = ['/api/products', '/api/products/:id', '/api/cart', '/api/orders', '/api/stock/:sku']
const STATUSES = [200, 200, 200, 200, 201, 304, 404, 500]

/** One kind of record: an HTTP request with the same keys in the same order, spread over 10 s. */
export function uniformBatch(records: number, startMs: number): RecordBatch {
  return batchOf(records, startMs, (n, timeMs) => request(n, timeMs, ROUTES))
}

/**
 * Requests to five times as many routes with optional attributes, text lines with escapes, and structured lines with lists,
 * numbers with decimals and letters outside of ASCII.
 */
export function mixedBatch(records: number, startMs: number): RecordBatch {
  const routes = ROUTES.flatMap((route) => Array.from({ length: 5 }, (_, i) => `${route}/v${i}`))
  return batchOf(records, startMs, (n, timeMs) => {
    const mixed = scramble(n)
    if (mixed % 10 < 6) return request(n, timeMs, routes)
    return mixed % 10 < 8 ? textLine(n, timeMs) : structuredLine(n, timeMs)
  })
}

function batchOf(records: number, startMs: number, make: (n: number, timeMs: number) => LogRecord): RecordBatch {
  const builder = new RecordBatchBuilder()
  for (let n = 0; n < records; n++) {
    const timeMs = startMs + Math.floor((n * 10_000) / records)
    builder.append(null, encodeLogRecord(make(n, timeMs)), timeMs)
  }
  return builder.build()
}

function request(n: number, timeMs: number, routes: readonly string[]): LogRecord {
  const mixed = scramble(n)
  const status = STATUSES[(mixed >>> 6) % STATUSES.length]!
  const method = METHODS[mixed % METHODS.length]!
  const route = routes[(mixed >>> 3) % routes.length]!
  const durationMs = ((mixed >>> 9) % 40_000) / 100
  return {
    timeMs,
    observedTimeMs: timeMs + 3,
    service: SERVICES[(mixed >>> 12) % SERVICES.length]!,
    severityNumber: status >= 500 ? 17 : status >= 400 ? 13 : 9,
    body: `${method} ${route} ${status} in ${durationMs} ms`,
    traceId: mixed.toString(16).padStart(32, '0'),
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      duration_ms: durationMs,
      ...(routes.length > ROUTES.length && mixed % 3 === 0 ? { 'user.id': `u-${mixed % 1000}` } : {}),
      ...(routes.length > ROUTES.length && mixed % 2 === 0 ? { 'http.response.body.size': mixed % 9000 } : {}),
    },
  }
}

function textLine(n: number, timeMs: number): LogRecord {
  const mixed = scramble(n)
  return {
    timeMs,
    observedTimeMs: timeMs + 3,
    service: SERVICES[mixed % SERVICES.length]!,
    severityNumber: 5 + 4 * (mixed % 4),
    body: `worker "${mixed % 64}" said:\n\tjob ${mixed} took ${mixed % 100} ms`,
    attributes: { 'host.name': `node-${mixed % 20}`, 'log.file.path': '/var/log/app/worker.log' },
  }
}

function structuredLine(n: number, timeMs: number): LogRecord {
  const mixed = scramble(n)
  return {
    timeMs,
    timeNanos: mixed % 1_000_000,
    observedTimeMs: timeMs + 3,
    service: SERVICES[mixed % SERVICES.length]!,
    severityNumber: 9,
    body: 'größere Bestellung angenommen',
    attributes: { order_id: `o-${mixed}`, items: ['a', 'b', mixed % 7], total: mixed / 1000, gift: mixed % 2 === 0 },
  }
}

function scramble(n: number): number {
  return Math.imul(n + 1, 2654435761) >>> 0
}

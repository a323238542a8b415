import { describe, expect, it } from 'vitest'
import type { LogRecord } from '../records/log-record.ts'
import { normalizeBytes } from './normalize-bytes.ts'
import { normalizeRecord } from './normalize-record.ts'
import { ADJUSTED, type NormalizeContext } from './normalized-record.ts'

const NOW = Date.UTC(2026, 10, 22, 17)
const CONTEXT: NormalizeContext = { service: 'tagged', observedTimeMs: NOW }

function recordOf(value: unknown, context: NormalizeContext = CONTEXT): LogRecord {
  const normalized = normalizeRecord(value, context)
  if (!normalized.ok) throw new Error(normalized.reason)
  return normalized.record
}

function adjustedBy(value: unknown, context: NormalizeContext = CONTEXT): number {
  const normalized = normalizeRecord(value, context)
  return normalized.ok ? normalized.adjusted : -1
}

describe('the forms of usual loggers', () => {
  it.each<[string, unknown, Partial<LogRecord>]>([
    [
      'pino with its HTTP serialisers',
      {
        level: 50,
        time: NOW - 1000,
        pid: 7,
        hostname: 'h',
        req: { method: 'GET', url: '/api/products/42?full=1' },
        res: { statusCode: 503 },
        responseTime: 12.5,
        msg: 'request errored',
      },
      {
        timeMs: NOW - 1000,
        severityNumber: 17,
        service: 'tagged',
        body: 'request errored',
        attributes: {
          'process.pid': 7,
          'host.name': 'h',
          'http.request.method': 'GET',
          'http.response.status_code': 503,
          'url.path': '/api/products/42',
          'url.query': 'full=1',
          'http.route': '/api/products/:id',
          duration_ms: 12.5,
        },
      },
    ],
    [
      'bunyan names its service `name`',
      { v: 0, name: 'checkout', hostname: 'h', pid: 1, level: 30, time: '2026-11-22T16:59:59Z', msg: 'up' },
      { service: 'checkout', severityNumber: 9, timeMs: NOW - 1000, body: 'up' },
    ],
    [
      'winston',
      { level: 'warn', message: 'slow', timestamp: '2026-11-22T16:59:00Z', service: 'shop' },
      { service: 'shop', severityNumber: 13, body: 'slow', timeMs: NOW - 60_000, attributes: {} },
    ],
    [
      'ECS',
      {
        '@timestamp': '2026-11-22T16:59:00Z',
        log: { level: 'error', logger: 'a.b' },
        message: 'm',
        service: { name: 'pay', version: '2' },
        trace: { id: 'abc' },
        event: { duration: 2_500_000 },
        http: { request: { method: 'post' }, response: { status_code: 201, body: { bytes: 10 } } },
        url: { path: '/pay' },
      },
      {
        service: 'pay',
        severityNumber: 17,
        traceId: 'abc',
        body: 'm',
        attributes: {
          'log.logger': 'a.b',
          'service.version': '2',
          'http.request.method': 'POST',
          'http.response.status_code': 201,
          'http.response.body.size': 10,
          'url.path': '/pay',
          'http.route': '/pay',
          duration_ms: 2.5,
        },
      },
    ],
    [
      'nginx as JSON: seconds become ms, severity follows the status code',
      {
        time_iso8601: '2026-11-22T16:59:00+00:00',
        remote_addr: '10.0.0.1',
        request_method: 'GET',
        request_uri: '/a/1?x',
        status: '404',
        body_bytes_sent: '153',
        request_time: '0.123',
        http_user_agent: 'curl',
      },
      {
        severityNumber: 13,
        body: 'GET /a/1 404',
        attributes: {
          'client.address': '10.0.0.1',
          'user_agent.original': 'curl',
          'http.request.method': 'GET',
          'http.response.status_code': 404,
          'url.path': '/a/1',
          'url.query': 'x',
          'http.route': '/a/:id',
          'http.response.body.size': 153,
          duration_ms: 123,
        },
      },
    ],
    [
      'Serilog',
      { '@t': '2026-11-22T16:59:00Z', '@m': 'done', '@l': 'Warning', '@tr': 'aa', '@sp': 'bb', Elapsed: 3 },
      { severityNumber: 13, body: 'done', traceId: 'aa', spanId: 'bb', attributes: { duration_ms: 3 } },
    ],
    [
      'Docker: the application wrote JSON of its own',
      { log: '{"level":"error","msg":"boom","service":"api"}\n', container_name: '/api-1', container_id: 'c1' },
      { service: 'api', severityNumber: 17, body: 'boom' },
    ],
    [
      'Docker: plain text under a tag that the user chose',
      { log: 'hello\r\n', container_name: '/api-1' },
      { service: 'tagged', body: 'hello', severityNumber: 0, attributes: { 'container.name': '/api-1' } },
    ],
    [
      'OpenTelemetry',
      { timeUnixNano: '1795366799123456789', severityNumber: 18, severityText: 'ERROR2', body: 'x', traceId: 't' },
      { timeMs: 1_795_366_799_123, timeNanos: 456_789, severityNumber: 18, body: 'x', traceId: 't' },
    ],
    ['a line of text', 'plain words', { service: 'tagged', body: 'plain words', severityNumber: 0, timeMs: NOW }],
    [
      'W3C trace context',
      { message: 'm', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
    ],
  ])('%s', (_sentence, value, expected) => {
    expect(recordOf(value)).toMatchObject(expected)
    if (expected.attributes) expect(recordOf(value).attributes).toEqual(expected.attributes)
  })

  it.each([
    ["Docker's own tag, the short id", '0123456789ab', 'api-1'],
    ["Fluentd's tag of a container's log file", 'docker.0123456789ab', 'api-1'],
    ["Kubernetes' log path", 'kubernetes.var.log.containers.api', 'api-1'],
    ['a tag that says what it is', 'checkout', 'checkout'],
    ['a short word of hexadecimal letters', 'cafe', 'cafe'],
  ])('names the service of a container by %s', (_sentence, service, expected) => {
    const result = normalizeRecord({ log: 'x', container_name: '/api-1' }, { service, observedTimeMs: NOW })
    expect(result).toMatchObject({ ok: true, record: { service: expected } })
  })

  it.each<[string, unknown, Record<string, unknown>]>([
    ['an order has a status too', { message: 'm', status: 'paid' }, { status: 'paid' }],
    ['a class has a method', { message: 'm', method: 'doIt' }, { method: 'doIt' }],
    ['a path may be a file', { message: 'm', path: '/var/log/x' }, { path: '/var/log/x' }],
    ['a name without pid and hostname', { message: 'm', name: 'Bob' }, { name: 'Bob' }],
    ['an unknown level', { message: 'm', level: 'purple' }, { level: 'purple' }],
    ['the second of two messages', { message: 'm', msg: 'n' }, { msg: 'n' }],
    ['a better message later', { msg: 'n', message: 'm' }, { msg: 'n' }],
    ['a date beside a time', { message: 'm', time: NOW, date: '2020-01-01' }, { date: '2020-01-01' }],
  ])('keeps what is not what its name promises: %s', (_sentence, value, attributes) => {
    const record = recordOf(value)
    expect(record.body).toBe('m')
    expect(record.attributes).toEqual(attributes)
  })
})

describe('event time', () => {
  it.each([
    ['no time: the observed one', {}, NOW, ADJUSTED.timeMissing],
    ['unreadable: the observed one', { time: 'soon' }, NOW, ADJUSTED.timeUnparsable],
    ['negative: as unreadable', { time: -5 }, NOW, ADJUSTED.timeUnparsable],
    ['1970 is a legal old date', { time: 0 }, 0, 0],
    ['5 minutes ahead may be', { time: NOW + 300_000 }, NOW + 300_000, 0],
    ['a ms more is clamped', { time: NOW + 300_001 }, NOW, ADJUSTED.timeClamped],
    ['2090 is clamped', { time: '2090-01-01T00:00:00Z' }, NOW, ADJUSTED.timeClamped],
  ])('%s', (_sentence, fields, timeMs, adjusted) => {
    expect(recordOf({ message: 'm', ...fields }).timeMs).toBe(timeMs)
    expect(adjustedBy({ message: 'm', ...fields })).toBe(adjusted)
  })

  it('keeps the original of a clamped time', () => {
    expect(recordOf({ message: 'm', time: '2090-01-01T00:00:00Z' }).attributes).toEqual({
      'weir.original_time': '2090-01-01T00:00:00Z',
    })
  })

  it("takes the carrier's time only where the record names none", () => {
    const context = { ...CONTEXT, timeMs: NOW - 9000, timeNanos: 5 }
    expect(recordOf({ message: 'm' }, context)).toMatchObject({ timeMs: NOW - 9000, timeNanos: 5 })
    expect(recordOf({ message: 'm', time: NOW - 1 }, context).timeMs).toBe(NOW - 1)
    expect(recordOf({ message: 'm', date: '2020-01-01' }, context).timeMs).toBe(NOW - 9000)
    expect(recordOf({ message: 'm', date: '2020-01-01' }).timeMs).toBe(Date.UTC(2020, 0, 1))
  })
})

describe('bounds', () => {
  it('keeps 256 of 10,000 distinct fields and says how many it dropped', () => {
    const fields: Record<string, unknown> = { message: 'm' }
    for (let i = 0; i < 10_000; i++) fields[`f${i}`] = i
    const record = recordOf(fields)
    expect(Object.keys(record.attributes)).toHaveLength(257)
    expect(record.attributes['weir.attributes_dropped']).toBe(10_000 - 256)
    expect(adjustedBy(fields) & ADJUSTED.attributesDropped).toBeTruthy()
  })

  it('cuts a value at 32 KiB, between characters, with a mark', () => {
    const value = recordOf({ message: 'm', big: '€'.repeat(20_000) }).attributes.big as string
    const [kept] = value.split('… [')
    expect(kept).toBe('€'.repeat(Math.floor((32 * 1024) / 3)))
    expect(value).toContain('60000 bytes in all')
    expect(recordOf({ message: 'm', big: 'a'.repeat(32 * 1024) }).attributes.big).toHaveLength(32 * 1024)
  })

  it('turns what is nested too deep into text', () => {
    let deep: unknown = { leaf: 1 }
    for (let i = 0; i < 20; i++) deep = { n: deep }
    const [[key, value]] = Object.entries(recordOf({ message: 'm', deep }).attributes) as [[string, string]]
    expect(key.split('.').length).toBeLessThanOrEqual(10)
    expect(value).toContain('"leaf":1')
  })

  it('never touches a prototype', () => {
    const record = recordOf(JSON.parse('{"message":"m","__proto__":{"a":1},"constructor":"c"}'))
    expect(Object.getPrototypeOf(record.attributes)).toBe(Object.prototype)
    expect(record.attributes.constructor).toBe('c')
  })
})

describe('odd values', () => {
  it.each<[string, unknown, string]>([
    ['a number where text was', 42, '42'],
    ['a boolean', false, 'false'],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['bytes', new Uint8Array([104, 105]), 'hi'],
    ['null', null, ''],
  ])('body: %s', (_sentence, message, body) => {
    expect(recordOf({ message, x: 1 }).body).toBe(body)
  })

  it('keeps numbers that JSON can not say as text', () => {
    const { attributes } = recordOf({ message: 'm', a: Number.NaN, b: 2n ** 63n, c: [1, 'x', null], d: [{ e: 1 }] })
    expect(attributes).toEqual({ a: 'NaN', b: '9223372036854775808', c: [1, 'x', null], d: '[{"e":1}]' })
  })

  it.each([[null], [1], [true], [[1]], [{}]])('refuses %j with a reason', (value) => {
    expect(normalizeRecord(value, CONTEXT)).toMatchObject({ ok: false, code: 'WEIR_RECORD_INVALID' })
  })
})

describe('normalizeBytes', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('reads JSON and text that others wrote to the topic', () => {
    expect(normalizeBytes(bytes('{"msg":"a"}'), CONTEXT)).toMatchObject({ ok: true, record: { body: 'a' } })
    expect(normalizeBytes(bytes('just text'), CONTEXT)).toMatchObject({ ok: true, record: { body: 'just text' } })
  })

  it('says why it can not', () => {
    expect(normalizeBytes(bytes('{"msg":'), CONTEXT)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^Malformed JSON/),
    })
    expect(normalizeBytes(bytes(' '), CONTEXT)).toMatchObject({ ok: false })
  })

  it('flags bytes that are not UTF-8, and not a U+FFFD that was meant', () => {
    const broken = normalizeBytes(new Uint8Array([0x61, 0xff]), CONTEXT)
    expect(broken).toMatchObject({ ok: true, record: { body: 'a\uFFFD' } })
    expect(broken.ok && broken.adjusted & ADJUSTED.invalidText).toBeTruthy()
    const meant = normalizeBytes(bytes('a\uFFFD'), CONTEXT)
    expect(meant.ok && meant.adjusted & ADJUSTED.invalidText).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { parseQueryRequest, parseQueryRequestText } from './parse-query-request.ts'

const range = { lastMs: 3_600_000 }
const metric = { id: 'a', type: 'metric', range, metric: 'logs.count', aggregates: ['count'] }
const logs = { id: 'l', type: 'logs', range }

describe('parseQueryRequest', () => {
  it('takes one query of each type', () => {
    const queries = [metric, logs, { id: 'x', type: 'anomalies', range }, { id: 'n', type: 'annotations', range }]
    expect(parseQueryRequest({ queries }).queries).toEqual(queries)
  })

  it.each([
    ['no object', null, 'The request must be {"queries": [...]}.'],
    ['no queries', {}, 'The request must be {"queries": [...]}.'],
    ['an empty list', { queries: [] }, 'The request/queries must not have fewer than 1 items.'],
    ['21 queries', { queries: Array(21).fill(logs) }, 'The request/queries must not have more than 20 items.'],
    ['another field beside', { queries: [logs], x: 1 }, 'The request has a field that is not known: x.'],
    [
      'a query that is no object',
      { queries: [7] },
      'queries/0/type must be one of metric, logs, anomalies, annotations.',
    ],
    [
      'an unknown type',
      { queries: [{ type: 'sql' }] },
      'queries/0/type must be one of metric, logs, anomalies, annotations.',
    ],
    ['a missing field', { queries: [{ ...logs, id: undefined }] }, /queries\/0.*id/],
    ['a limit over its bound', { queries: [{ ...logs, limit: 1_001 }] }, 'queries/0/limit must be <= 1000.'],
    ['a limit at 0', { queries: [{ ...logs, limit: 0 }] }, 'queries/0/limit must be >= 1.'],
    [
      'a field that is not known',
      { queries: [{ ...logs, txt: 'a' }] },
      'queries/0 has a field that is not known: txt.',
    ],
    [
      'an aggregate that is not known, in the second query',
      { queries: [logs, { ...metric, aggregates: ['p42'] }] },
      'queries/1/aggregates/0 must be one of count, rate, sum, avg, min, max, p50, p90, p95, p99.',
    ],
    [
      'a range of neither form',
      { queries: [{ ...logs, range: { lastMs: 3_600_000, toMs: 5 } }] },
      'queries/0/range must be {lastMs} or {fromMs, toMs}.',
    ],
    ['two queries with one id', { queries: [logs, { ...metric, id: 'l' }] }, 'Two queries have the id "l".'],
  ])('refuses %s', (_, value, message) => {
    expect(() => parseQueryRequest(value)).toThrow(
      expect.objectContaining({ code: 'WEIR_QUERY_INVALID', message: expect.stringMatching(asPattern(message)) }),
    )
  })

  it('names the place where a text stops being JSON', () => {
    expect(() => parseQueryRequestText('{"queries": [')).toThrow(
      /Parameter queries is not JSON: .*position|end of JSON/,
    )
  })
})

function asPattern(message: string | RegExp): RegExp {
  return message instanceof RegExp ? message : new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
}

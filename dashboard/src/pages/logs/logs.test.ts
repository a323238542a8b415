import { describe, expect, it } from 'vitest'
import type { LogLine, MetricAnswer } from '../../api/answers.ts'
import { facets, filtered, totalOf } from './facets.ts'
import { fieldsOf, filterFor } from './line-fields.ts'
import { caughtUp, NO_LINES, withNewest, withOlder } from './line-list.ts'
import { linesQuestion, passesSeverity } from './questions.ts'

function line(id: string, timeMs: number, change: Partial<LogLine> = {}): LogLine {
  return {
    id,
    timeMs,
    observedTimeMs: timeMs,
    service: 'shop',
    severity: 'info',
    severityNumber: 9,
    body: `line ${id}`,
    attributes: {},
    ...change,
  }
}

function ids(list: { lines: readonly LogLine[] }): string {
  return list.lines.map((item) => item.id).join('')
}

const COUNTS: MetricAnswer = {
  id: 'q',
  type: 'metric',
  metric: 'logs.count',
  unit: '1',
  fromMs: 0,
  stepMs: 10_000,
  steps: 1,
  completeToMs: 10_000,
  droppedGroups: 0,
  groups: [
    { labels: { service: 'shop', severity: 'info' }, totals: { count: 90 }, columns: { count: [90] } },
    { labels: { service: 'shop', severity: 'error' }, totals: { count: 10 }, columns: { count: [10] } },
    { labels: { service: 'pay', severity: 'error' }, totals: { count: 5 }, columns: { count: [5] } },
    { labels: { service: 'pay', severity: 'unknown' }, totals: { count: 1 }, columns: { count: [1] } },
  ],
}

describe('the list of lines', () => {
  const start = withNewest(NO_LINES, { logs: [line('c', 3), line('b', 2)], nextCursor: 'older' }, false)

  it('takes new lines on top, and a late one at its place', () => {
    const next = withNewest(start, { logs: [line('e', 5), line('c', 3), line('x', 2.5), line('b', 2)] }, false)
    expect(ids(next)).toBe('ecxb')
    expect(next.nextCursor).toBe('older')
  })

  it('does not move while someone reads, and counts what waits', () => {
    const reading = withNewest(start, { logs: [line('e', 5), line('d', 4), line('c', 3)] }, true)
    expect(ids(reading)).toBe('cb')
    expect(reading.waiting).toHaveLength(2)
    expect(ids(caughtUp(reading, { logs: [] }))).toBe('edcb')
  })

  it('is the same object when nothing is new, so that nothing renders', () => {
    expect(withNewest(start, { logs: [line('c', 3)] }, false)).toBe(start)
    expect(withNewest(start, { logs: [line('c', 3)] }, true)).toBe(start)
  })

  it('begins anew when more came than a page holds, instead of skipping lines', () => {
    const page = { logs: [line('z', 99), line('y', 98)], nextCursor: 'between' }
    expect(ids(withNewest(start, page, false))).toBe('zy')
    const reading = withNewest(start, page, true)
    expect(ids(reading)).toBe('cb')
    expect(ids(caughtUp(reading, page))).toBe('zy')
  })

  it('grows by older pages, without doubles', () => {
    const next = withOlder(start, { logs: [line('b', 2), line('a', 1)] })
    expect(ids(next)).toBe('cba')
    expect(next.nextCursor).toBeUndefined()
  })
})

describe('facets', () => {
  it('leave out their own filter', () => {
    const { services, severities } = facets(COUNTS, { services: ['shop'], severity: 'error' })
    expect(services).toEqual([
      { value: 'shop', count: 10 },
      { value: 'pay', count: 5 },
    ])
    expect(severities).toEqual([
      { value: 'error', count: 10 },
      { value: 'info', count: 90 },
    ])
  })

  it('add up to the total of what is let through', () => {
    expect(totalOf(filtered(COUNTS, { services: ['shop'], severity: 'error' }))).toBe(10)
    expect(totalOf(filtered(COUNTS, {}))).toBe(106)
  })

  it.each([
    ['the severity itself', 'warn', 'warn', true],
    ['one above', 'fatal', 'warn', true],
    ['one below', 'info', 'warn', false],
    ['an unknown one when some is asked for', 'unknown', 'trace', false],
    ['an unknown one when none is', 'unknown', undefined, true],
  ] as const)('least severity: %s', (_, severity, least, passes) => {
    expect(passesSeverity(severity, least)).toBe(passes)
  })
})

describe('the question', () => {
  it('has only the filters that are set', () => {
    expect(linesQuestion({ lastMs: 5 }, {})).toEqual({ type: 'logs', range: { lastMs: 5 }, limit: 200 })
    expect(linesQuestion({ lastMs: 5 }, { q: 'x', services: ['a'], severity: 'warn' })).toMatchObject({
      text: 'x',
      services: ['a'],
      minSeverity: 'warn',
    })
  })
})

describe('the fields of a line', () => {
  const opened = line('a', 1, {
    body: 'order ord_1 failed',
    traceId: 'abc',
    attributes: { 'order.id': 'ord_1', 'retry.count': 3, nested: { a: [1] } },
  })

  it('are its own and its attributes, as text', () => {
    expect(fieldsOf(opened).map(({ name, value }) => [name, value])).toEqual([
      ['service', 'shop'],
      ['severity', 'info'],
      ['trace_id', 'abc'],
      ['order.id', 'ord_1'],
      ['retry.count', '3'],
      ['nested', '{"a":[1]}'],
    ])
  })

  it('are filtered for where a filter would find the line again', () => {
    expect(filterFor(opened, { name: 'service', value: 'shop' }, {})).toEqual({ services: ['shop'] })
    expect(filterFor(opened, { name: 'severity', value: 'info' }, {})).toEqual({ severity: 'info' })
    expect(filterFor(opened, { name: 'order.id', value: 'ord_1' }, { q: 'failed' })).toEqual({ q: 'failed "ord_1"' })
    expect(filterFor(opened, { name: 'trace_id', value: 'abc' }, {})).toEqual({ q: '"abc"' })
    expect(filterFor(opened, { name: 'retry.count', value: '3' }, {})).toBeUndefined()
  })

  it('are not added to a search twice', () => {
    expect(filterFor(opened, { name: 'trace_id', value: 'abc' }, { q: '"abc"' })).toEqual({ q: '"abc"' })
  })
})

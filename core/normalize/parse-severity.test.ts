import { describe, expect, it } from 'vitest'
import { severityName } from '../records/severity.ts'
import { parseSeverity, parseSeverityNumber, severityOfStatus } from './parse-severity.ts'

describe('parseSeverity', () => {
  it.each([
    ['INFO', 'info'],
    ['Information', 'info'],
    ['informational', 'info'],
    ['notice', 'info'],
    ['warning', 'warn'],
    ['WARN', 'warn'],
    [' Warning ', 'warn'],
    ['err', 'error'],
    ['SEVERE', 'error'],
    ['crit', 'error'],
    ['CRITICAL', 'fatal'],
    ['emerg', 'fatal'],
    ['panic', 'fatal'],
    ['silly', 'trace'],
    ['verbose', 'trace'],
    ['fine', 'debug'],
    ['dBuG', 'unknown'],
    [10, 'trace'],
    [20, 'debug'],
    [30, 'info'],
    [35, 'info'],
    [40, 'warn'],
    [50, 'error'],
    [60, 'fatal'],
    ['30', 'info'],
    [0, 'fatal'],
    [3, 'error'],
    [4, 'warn'],
    [6, 'info'],
    [7, 'debug'],
    [9, 'info'],
    [17, 'error'],
    [24, 'fatal'],
    [71, 'unknown'],
    [-1, 'unknown'],
    [2.5, 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('reads %j as %s', (level, name) => {
    expect(severityName(parseSeverity(level))).toBe(name)
  })

  it('takes OpenTelemetry numbers as they are', () => {
    expect([1, 24, '9', 0, 25, 'x'].map(parseSeverityNumber)).toEqual([1, 24, 9, 0, 0, 0])
  })

  it('judges a request by its status code', () => {
    expect([100, 399, 400, 499, 500, 599].map((code) => severityName(severityOfStatus(code)))).toEqual([
      'info',
      'info',
      'warn',
      'warn',
      'error',
      'error',
    ])
  })
})

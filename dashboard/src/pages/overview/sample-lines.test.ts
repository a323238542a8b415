import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../api/answers.ts'
import { sampleLines } from './sample-lines.ts'

function line(timeMs: number, service: string, severity: LogLine['severity'] = 'info'): LogLine {
  return {
    id: `${timeMs}`,
    timeMs,
    observedTimeMs: timeMs,
    service,
    severity,
    severityNumber: 9,
    body: '',
    attributes: {},
  }
}

const BUSY = Array.from({ length: 50 }, (_, index) => line(1_000 - index, 'shop'))

describe('sampleLines', () => {
  it('is all of few', () => {
    expect(sampleLines(BUSY.slice(0, 3), 12)).toEqual(BUSY.slice(0, 3))
  })

  it('is the newest where all are of one kind', () => {
    expect(sampleLines(BUSY, 5)).toEqual(BUSY.slice(0, 5))
  })

  it('keeps the one line of a quiet service, in the order of time', () => {
    const quiet = line(900, 'worker')
    const sample = sampleLines([...BUSY, quiet], 5)
    expect(sample).toEqual([...BUSY.slice(0, 4), quiet])
  })

  it('keeps the one error of a busy service', () => {
    const failed = line(900, 'shop', 'error')
    expect(sampleLines([...BUSY, failed], 5)).toContain(failed)
  })

  it('takes the newest kinds where there are more kinds than room', () => {
    const kinds = Array.from({ length: 20 }, (_, index) => line(1_000 - index, `s${index}`))
    expect(sampleLines(kinds, 5)).toEqual(kinds.slice(0, 5))
  })
})

import { describe, expect, it } from 'vitest'
import { SourceWatermark } from './source-watermark.ts'
import { TaskWatermark } from './task-watermark.ts'

const OPTIONS = { outOfOrdernessMs: 2_000, idleTimeoutMs: 30_000 }

describe('watermark of a source partition', () => {
  it('is the largest event time less the out-of-orderness, and does not fall with an older record', () => {
    const source = new SourceWatermark(OPTIONS, 100_000)
    source.observe(95_000, 100_000)
    source.observe(90_000, 100_001)
    expect(source.mark(100_001, true)).toEqual({ watermarkMs: 93_000, idle: false })
  })

  it.each([
    ['stays with its records a millisecond before the time-out', 129_999, true, { watermarkMs: 93_000, idle: false }],
    ['is idle at the time-out and follows the wall clock', 130_000, true, { watermarkMs: 98_000, idle: true }],
    ['moves on with the wall clock', 150_000, true, { watermarkMs: 118_000, idle: true }],
    ['is never idle while its reader lags', 500_000, false, { watermarkMs: 93_000, idle: false }],
  ])('%s', (_sentence, nowMs, caughtUp, expected) => {
    const source = new SourceWatermark(OPTIONS, 90_000)
    source.observe(95_000, 100_000)
    expect(source.mark(nowMs, caughtUp)).toEqual(expected)
  })

  it.each([
    ['says nothing of a partition with unread records', 100_000, false, undefined],
    ['holds no one back if it is empty, but knows no time yet', 100_000, true, { watermarkMs: 0, idle: true }],
    ['follows the wall clock after the time-out', 130_000, true, { watermarkMs: 98_000, idle: true }],
  ])('before the first record it %s', (_sentence, nowMs, caughtUp, expected) => {
    expect(new SourceWatermark(OPTIONS, 100_000).mark(nowMs, caughtUp)).toEqual(expected)
  })

  it('does not fall back to the wall clock when the records are ahead of it', () => {
    const source = new SourceWatermark(OPTIONS, 100_000)
    source.observe(200_000, 100_000)
    expect(source.mark(131_000, true)).toEqual({ watermarkMs: 198_000, idle: true })
  })

  it('follows the records again after an idle time', () => {
    const source = new SourceWatermark(OPTIONS, 100_000)
    source.observe(140_000, 140_000)
    expect(source.mark(140_001, true)).toEqual({ watermarkMs: 138_000, idle: false })
  })
})

describe('watermark of a task', () => {
  const active = (watermarkMs: number) => ({ watermarkMs, idle: false })
  const idle = (watermarkMs: number) => ({ watermarkMs, idle: true })

  it.each([
    ['is unknown until every source was heard of', [[0, active(5_000)]], Number.NEGATIVE_INFINITY],
    [
      'is the least of the sources',
      [
        [0, active(5_000)],
        [1, active(3_000)],
      ],
      3_000,
    ],
    [
      'leaves idle sources out',
      [
        [0, active(5_000)],
        [1, idle(1_000)],
      ],
      5_000,
    ],
    [
      'is the least of the idle ones when all are idle',
      [
        [0, idle(5_000)],
        [1, idle(4_000)],
      ],
      4_000,
    ],
    [
      'stays unknown while all are idle and one knows no time',
      [
        [0, idle(5_000)],
        [1, idle(0)],
      ],
      Number.NEGATIVE_INFINITY,
    ],
    [
      'never goes back',
      [
        [0, active(5_000)],
        [1, active(6_000)],
        [1, active(2_000)],
      ],
      5_000,
    ],
  ] as const)('%s', (_sentence, marks, expected) => {
    const task = new TaskWatermark()
    for (const [source, mark] of marks) task.observe(source, 2, mark)
    expect(task.valueMs).toBe(expected)
  })
})

import { describe, expect, it } from 'vitest'
import { HEALTHY_KINDS, healthySeries } from '../../../bench/synthetic/healthy-series.ts'
import { normal, poisson, randomOf } from '../../../bench/synthetic/random.ts'
import { DETECTOR_STATE_BYTES, DefaultDetector, type DetectionVerdict, type SeriesPoint } from './default-detector.ts'

const FIVE_MINUTES_MS = 300_000
const DAY_MS = 86_400_000
const DAY_POINTS = DAY_MS / FIVE_MINUTES_MS

function judge(points: readonly SeriesPoint[]): DetectionVerdict[] {
  const detector = new DefaultDetector()
  return points.map((point) => detector.step(point))
}

function everyFiveMinutes(values: readonly number[]): SeriesPoint[] {
  return values.map((value, i) => ({ timeMs: 1_400_000_000_000 + i * FIVE_MINUTES_MS, value }))
}

const isAlarm = ({ score }: DetectionVerdict): boolean => score > 0.5

describe('calibration on healthy series', () => {
  it('a likelihood of 0.99 is met about once in a hundred points: on all kinds together, and nearly so on each', () => {
    const shares = HEALTHY_KINDS.flatMap((kind) =>
      [1, 2].map((seed) => {
        const points = healthySeries({ kind, points: 8_000, intervalMs: FIVE_MINUTES_MS, seed })
        const verdicts = judge(points).slice(1_000)
        return verdicts.filter(({ likelihood }) => likelihood >= 0.99).length / verdicts.length
      }),
    )
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.015)
    for (const share of shares) {
      expect(share).toBeLessThan(0.03)
      expect(share).toBeGreaterThan(0.001)
    }
  })

  it('alarms of healthy series become rarer: at most a few in four weeks, fewer in the later two', () => {
    let early = 0
    let late = 0
    for (const kind of HEALTHY_KINDS) {
      const verdicts = judge(healthySeries({ kind, points: 28 * DAY_POINTS, intervalMs: FIVE_MINUTES_MS, seed: 3 }))
      early += verdicts.slice(0, 14 * DAY_POINTS).filter(isAlarm).length
      late += verdicts.slice(14 * DAY_POINTS).filter(isAlarm).length
    }
    expect(early / HEALTHY_KINDS.length).toBeLessThan(8)
    expect(late).toBeLessThan(early)
  })
})

describe('what is found', () => {
  const random = randomOf(11)
  const gauge = (mean: number, points: number): number[] =>
    Array.from({ length: points }, () => mean + 3 * normal(random))
  const daily = (points: number, amplitude: number): number[] =>
    Array.from({ length: points }, (_, i) =>
      poisson(300 + amplitude * Math.sin((2 * Math.PI * i) / DAY_POINTS), random),
    )

  it.each<[string, number[], number]>([
    ['a level twice as high', [...gauge(50, 2_000), ...gauge(100, 60)], 2_000],
    ['a spike of ten points', [...gauge(50, 2_000), ...gauge(150, 10), ...gauge(50, 40)], 2_000],
    ['a service that falls silent', [...daily(2_000, 200), ...Array<number>(60).fill(0)], 2_000],
    ['a day without its daily shape', [...daily(7 * DAY_POINTS, 250), ...daily(DAY_POINTS, 0)], 7 * DAY_POINTS],
    ['errors on a service that has none', [...Array<number>(2_000).fill(0), ...Array<number>(20).fill(4)], 2_000],
  ])('%s', (_, values, from) => {
    const verdicts = judge(everyFiveMinutes(values))
    expect(verdicts.slice(from).filter(isAlarm).length).toBeGreaterThan(0)
  })

  it('a lasting new level is told once or twice and then believed, while the likelihood first stays high', () => {
    const verdicts = judge(everyFiveMinutes([...gauge(50, 2_000), ...gauge(80, 2_000)]))
    const alarms = verdicts.slice(2_000).filter(isAlarm)
    expect(alarms.length).toBeGreaterThan(0)
    expect(alarms.length).toBeLessThanOrEqual(3)
    expect(verdicts.slice(2_005, 2_030).every(({ likelihood }) => likelihood > 0.9)).toBe(true)
    expect(verdicts.slice(2_005, 2_030).filter(({ reason }) => reason === 'resting').length).toBeGreaterThan(20)
  })

  it('the band holds about 98 of 100 values of a healthy series', () => {
    const points = healthySeries({ kind: 'seasonal', points: 5_000, intervalMs: FIVE_MINUTES_MS, seed: 4 })
    const verdicts = judge(points)
    const outside = points.filter(({ value }, i) => {
      const { low, high } = verdicts[i]!.expected ?? { low: value, high: value }
      return value < low || value > high
    })
    expect(outside.length / points.length).toBeGreaterThan(0.005)
    expect(outside.length / points.length).toBeLessThan(0.04)
  })

  it('nothing is an alarm in the first day', () => {
    const verdicts = judge(everyFiveMinutes([...gauge(50, 200), ...gauge(500, 80)]))
    expect(verdicts.some(isAlarm)).toBe(false)
    expect(verdicts.at(-1)!.reason).toBe('learning')
  })
})

describe('bad input', () => {
  const random = randomOf(5)
  const usual = (): number => 100 + normal(random)
  const regular = (value: (i: number) => number): SeriesPoint[] =>
    everyFiveMinutes(Array.from({ length: 1_500 }, (_, i) => value(i)))
  const times = (timeMs: (i: number) => number): SeriesPoint[] =>
    Array.from({ length: 1_500 }, (_, i) => ({ timeMs: timeMs(i), value: usual() }))

  it.each<[string, SeriesPoint[]]>([
    ['one point', everyFiveMinutes([7])],
    ['all equal', regular(() => 42)],
    ['all zero', regular(() => 0)],
    ['not a number now and then', regular((i) => (i % 7 === 3 ? Number.NaN : usual()))],
    ['nothing but NaN', regular(() => Number.NaN)],
    ['infinities', regular((i) => (i % 50 === 20 ? (i % 100 === 20 ? 1 / 0 : -1 / 0) : usual()))],
    ['the largest numbers', regular((i) => (i % 2 ? 1e308 : -1e308))],
    ['one 1e308 among small values', regular((i) => (i === 700 ? 1e308 : usual()))],
    ['the smallest numbers', regular((i) => (i % 2 ? 5e-324 : 0))],
    ['negative counts', regular(() => -poisson(3, random))],
    ['the same time for all', times(() => 1_400_000_000_000)],
    ['times that decrease', times((i) => 1_400_000_000_000 - i * 60_000)],
    ['times of NaN', times(() => Number.NaN)],
    ['times before 1970', times((i) => -1e12 + i * 60_000)],
    ['gaps of weeks', times((i) => 1_400_000_000_000 + i * 60_000 + Math.floor(i / 300) * 21 * DAY_MS)],
    ['each point twice', times((i) => 1_400_000_000_000 + Math.floor(i / 2) * 60_000)],
  ])('%s: every verdict is finite and in its range', (_, points) => {
    for (const { likelihood, score, expected } of judge(points)) {
      expect(likelihood >= 0 && likelihood <= 1).toBe(true)
      expect(score >= 0 && score < 1).toBe(true)
      expect(expected === undefined || (Number.isFinite(expected.low) && expected.high >= expected.low)).toBe(true)
    }
  })

  it('what is no number is said to be none and changes nothing that was learnt of values', () => {
    const points = regular(usual)
    const withHole = points.map((point, i) => (i === 1_000 ? { ...point, value: Number.NaN } : point))
    const without = points.filter((_, i) => i !== 1_000)
    const verdicts = judge(withHole)
    expect(verdicts[1_000]).toEqual({ likelihood: 0, score: 0, expected: undefined, reason: 'not-a-number' })
    expect(verdicts.filter((_, i) => i !== 1_000).map(({ likelihood }) => likelihood)).toEqual(
      judge(without).map(({ likelihood }) => likelihood),
    )
  })

  it('a constant series never alarms', () => {
    expect(judge(regular(() => 42)).filter(isAlarm)).toEqual([])
  })
})

describe('state', () => {
  it('is one run of bytes of a fixed size, at most 10 KiB, and a restored detector goes on as the first would', () => {
    const points = healthySeries({ kind: 'seasonal', points: 3_000, intervalMs: FIVE_MINUTES_MS, seed: 9 })
    const whole = new DefaultDetector()
    const expected = points.map((point) => whole.step(point))
    const first = new DefaultDetector()
    for (const point of points.slice(0, 1_500)) first.step(point)
    const bytes = first.toBytes()
    const second = DefaultDetector.fromBytes(bytes)
    first.step({ timeMs: 0, value: 1e9 })
    expect(points.slice(1_500).map((point) => second.step(point))).toEqual(expected.slice(1_500))
    expect(bytes.length).toBe(DETECTOR_STATE_BYTES)
    expect(DETECTOR_STATE_BYTES).toBeLessThanOrEqual(10_240)
  })

  it('bytes of another size are refused', () => {
    expect(() => DefaultDetector.fromBytes(new Uint8Array(8))).toThrow(RangeError)
  })

  it('the score does not depend on the unit', () => {
    const points = healthySeries({ kind: 'gauge', points: 3_000, intervalMs: FIVE_MINUTES_MS, seed: 2 })
    const inOther = points.map(({ timeMs, value }) => ({ timeMs, value: value * 1024 }))
    expect(judge(inOther).map(({ score }) => score)).toEqual(judge(points).map(({ score }) => score))
  })
})

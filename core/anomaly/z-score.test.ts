import { describe, expect, it } from 'vitest'
import type { DetectorPoint, Verdict } from './detector.ts'
import { countMeasure } from './measure.ts'
import { BUILT_IN_WATCH_RULES, type WatchRule } from './watch-rules.ts'
import { type ZScoreState, zScoreDetector } from './z-score.ts'

const PANE_MS = 10_000

function ruleOf(metric: string, severity?: string): WatchRule {
  const labels: Record<string, string> = { service: 'checkout', ...(severity ? { severity } : {}) }
  const rule = BUILT_IN_WATCH_RULES.find(
    (candidate) => candidate.metric === metric && candidate.applies({ metric, labels }),
  )
  if (rule === undefined) throw new Error(`no rule watches ${metric}`)
  return rule
}

const COUNT = ruleOf('logs.count', 'info')
const ERROR_COUNT = ruleOf('logs.count', 'error')
const DURATION = ruleOf('http.server.duration')
const SHARE = ruleOf('http.server.error_share')

/** Uniform numbers in [0, 1), the same for the same seed: Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  let product = random()
  let events = 0
  for (const limit = Math.exp(-mean); product > limit; events++) product *= random()
  return events
}

class Watch {
  readonly anomalies: { index: number; verdict: Extract<Verdict, { kind: 'anomaly' }> }[] = []
  readonly #rule: WatchRule
  #state: ZScoreState
  #index = 0

  constructor(rule: WatchRule) {
    this.#rule = rule
    this.#state = rule.detector.initial
  }

  see(value: number, count: number): Verdict {
    const point: DetectorPoint = { startMs: this.#index * PANE_MS, value, count }
    const [state, verdict] = this.#rule.detector.step(this.#state, point)
    this.#state = state
    if (verdict.kind === 'anomaly') this.anomalies.push({ index: this.#index, verdict })
    this.#index++
    return verdict
  }

  seeAll(values: readonly number[], count?: number): this {
    for (const value of values) this.see(value, count ?? value)
    return this
  }
}

const steady = (value: number, windows: number) => Array.from({ length: windows }, (_, i) => value + (i % 3) - 1)

describe('the z-score detector', () => {
  it('says nothing before it has seen 30 windows', () => {
    const watch = new Watch(COUNT).seeAll(steady(100, 29))
    expect(watch.see(0, 0)).toEqual({ kind: 'silent', why: 'history' })
    expect(new Watch(COUNT).seeAll(steady(100, 30)).see(0, 0)).toMatchObject({ kind: 'anomaly' })
  })

  it('reports a lasting incident once, at its start', () => {
    const watch = new Watch(COUNT).seeAll(steady(200, 60)).seeAll(Array.from({ length: 60 }, () => 0))
    expect(watch.anomalies.map(({ index }) => index)).toEqual([60])
  })

  it('reports a second incident after a time of calm', () => {
    const watch = new Watch(COUNT).seeAll(steady(200, 60)).seeAll([0, 0, 0]).seeAll(steady(200, 6)).seeAll([0, 0])
    expect(watch.anomalies.map(({ index }) => index)).toEqual([60, 69])
  })

  it('takes a flicker within the time of calm as the same incident', () => {
    const watch = new Watch(COUNT).seeAll(steady(200, 60)).seeAll([0]).seeAll(steady(200, 5)).seeAll([0, 0])
    expect(watch.anomalies.map(({ index }) => index)).toEqual([60])
  })

  it('accepts a new level after a while', () => {
    const watch = new Watch(COUNT).seeAll(steady(100, 120)).seeAll(steady(300, 480))
    expect(watch.anomalies).toHaveLength(1)
    expect(watch.see(300, 300)).toEqual({ kind: 'normal' })
    expect(watch.seeAll([100, 100, 100]).anomalies).toHaveLength(2)
  })

  it('wants a second window where the first is only just unusual', () => {
    const watch = new Watch(COUNT).seeAll(steady(40, 60))
    const unusual = 80
    expect(watch.see(unusual, unusual)).toEqual({ kind: 'normal' })
    expect(watch.see(unusual, unusual)).toMatchObject({ kind: 'anomaly', severity: 'warn' })
  })

  it.each([
    ['fewer errors are no anomaly', ERROR_COUNT, steady(200, 60), [0, 0, 0], 0],
    ['errors where there were none are', ERROR_COUNT, Array.from({ length: 60 }, () => 0), [40], 1],
    ['a faster answer is no anomaly', DURATION, steady(200, 60), [10, 10, 10], 0],
    ['a small change is none, however steady it was before', COUNT, steady(10_000, 60), [13_000, 13_000], 0],
    ['a few lines are not enough to judge', COUNT, steady(3, 60), [0, 0, 9, 9], 0],
  ])('%s', (_sentence, rule, history, incident, expected) => {
    const count = rule === DURATION ? 50 : undefined
    expect(new Watch(rule).seeAll(history, count).seeAll(incident, count).anomalies).toHaveLength(expected)
  })

  it('keeps a bounded history', () => {
    const detector = zScoreDetector({
      measure: countMeasure,
      direction: 'both',
      threshold: 5,
      recentWindows: 1,
      historyWindows: 10,
      minHistory: 3,
      minCount: 0,
      minRelativeChange: 0,
      minAbsoluteChange: 0,
    })
    let state = detector.initial
    for (let i = 0; i < 100; i++) state = detector.step(state, { startMs: i, value: 5, count: 5 })[0]
    expect(state.history).toHaveLength(10)
  })
})

/** A shop of four services at 20–40 requests/s with a wave of 30 minutes, logged as the built-in metrics see it. */
function requestsIn(pane: number, random: () => number): number {
  const perSecond = 30 + 10 * Math.sin((2 * Math.PI * pane * PANE_MS) / 1_800_000)
  return poisson(perSecond * 10, random)
}

function p95Of(medianMs: number, count: number, random: () => number): number {
  const values = Array.from({ length: count }, () => medianMs * Math.exp(0.5 * normal(random))).sort((a, b) => a - b)
  return values[Math.floor(0.95 * (count - 1))] ?? medianMs
}

const ROUTES = [
  { share: 0.45, medianMs: 12 },
  { share: 0.35, medianMs: 25 },
  { share: 0.15, medianMs: 90 },
]

describe('a day of healthy traffic', () => {
  it('raises at most three anomalies over all series', () => {
    const random = randomOf(20_251)
    const lines = [1, 2.5, 0.4, 0.8].map((perRequest) => ({ perRequest, watch: new Watch(COUNT) }))
    const warnings = [0.02, 0.005].map((perRequest) => ({ perRequest, watch: new Watch(ERROR_COUNT) }))
    const routes = ROUTES.map((route) => ({ ...route, duration: new Watch(DURATION), errors: new Watch(SHARE) }))
    for (let pane = 0; pane < 8_640; pane++) {
      const requests = requestsIn(pane, random)
      for (const { perRequest, watch } of [...lines, ...warnings]) {
        const count = poisson(requests * perRequest, random)
        watch.see(count, count)
      }
      for (const { share, medianMs, duration, errors } of routes) {
        const count = poisson(requests * share, random)
        if (count === 0) continue
        duration.see(p95Of(medianMs, count, random), count)
        errors.see(poisson(count * 0.004, random) / count, count)
      }
    }
    const found = [...lines, ...warnings].flatMap(({ watch }) => watch.anomalies)
    const ofRoutes = routes.flatMap(({ duration, errors }) => [...duration.anomalies, ...errors.anomalies])
    expect(found.length + ofRoutes.length).toBeLessThanOrEqual(3)
  })
})

describe('an incident in that traffic is found within 60 s of event time', () => {
  const HEALTHY = 200
  const WITHIN = 6

  it.each([1, 2, 3, 4, 5])('latency ×8, seed %d', (seed) => {
    const random = randomOf(seed)
    const watch = new Watch(DURATION)
    for (let pane = 0; pane < HEALTHY + WITHIN; pane++) {
      const count = poisson(requestsIn(pane, random) * 0.15, random)
      watch.see(p95Of(pane < HEALTHY ? 90 : 720, count, random), count)
    }
    expect(watch.anomalies.map(({ index }) => index >= HEALTHY)).toEqual([true])
  })

  it.each([1, 2, 3, 4, 5])('an eighth of the orders fail, seed %d', (seed) => {
    const random = randomOf(seed)
    const watch = new Watch(SHARE)
    for (let pane = 0; pane < HEALTHY + WITHIN; pane++) {
      const count = poisson(requestsIn(pane, random) * 0.15, random)
      watch.see(poisson(count * (pane < HEALTHY ? 0.002 : 0.12), random) / count, count)
    }
    expect(watch.anomalies.map(({ index }) => index >= HEALTHY)).toEqual([true])
  })

  it.each([1, 2, 3, 4, 5])('silence, seed %d', (seed) => {
    const random = randomOf(seed)
    const watch = new Watch(COUNT)
    for (let pane = 0; pane < HEALTHY + WITHIN; pane++) {
      const count = pane < HEALTHY ? requestsIn(pane, random) : 0
      watch.see(count, count)
    }
    expect(watch.anomalies.map(({ index }) => index >= HEALTHY)).toEqual([true])
  })
})

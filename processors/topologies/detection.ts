import {
  type Anomaly,
  aggregateValue,
  type DetectorPoint,
  HISTORY_WINDOWS,
  type MetricStore,
  PANE_MS,
  type Series,
  seriesId,
  type Verdict,
  type WatchRule,
  type WindowPoint,
  wordFinding,
  type ZScoreState,
} from '@weir/core'

/** A series under watch. */
interface Watched {
  readonly series: Series
  readonly id: string
  readonly rule: WatchRule
  state: ZScoreState
  /** Newest window that the detector has seen. */
  lastStartMs: number
  /** Drops in windows up to this start say nothing. */
  readonly warmUntilMs: number
  /** Windows in a row that were missing and counted as zero. */
  missing: number
}

/** Series watched per task; the least recently active make room. */
const MAX_WATCHED = 5_000
/** A series that is silent for longer than this is gone, not quiet. Windows */
const MAX_MISSING = 30
/** Keys per call of the store. */
const LOAD_CHUNK = 10_000

/**
 * Runs detectors over the closed 10 s windows of a task's series, in order of time, each window once. What a detector
 * remembers is rebuilt from the metric store when a series is first touched. A drop in the first two windows then says
 * nothing, nor does the time between history and touch: they are partial where the source, or Weir, has just started.
 */
export class Detection {
  readonly #rules: readonly WatchRule[]
  readonly #store: MetricStore
  /** By series id, least recently active first; null: no rule watches the series. */
  readonly #watched = new Map<string, Watched>()

  constructor(rules: readonly WatchRule[], store: MetricStore) {
    this.#rules = rules
    this.#store = store
  }

  get watchedSeries(): number {
    return this.#watched.size
  }

  /**
   * Takes up series that were active before a restart: their silence is to be seen though no window of theirs may come
   * any more.
   *
   * @param fromMs start of the first window they may miss, ms since the epoch
   */
  async resume(series: readonly Series[], fromMs: number): Promise<void> {
    const silent = series.filter((one) => this.#ruleOf(one)?.missing === 'zero' && !this.#watched.has(seriesId(one)))
    await this.#open(new Map(silent.map((one) => [seriesId(one), { series: one, beforeMs: fromMs }])))
  }

  /**
   * @param closing     10 s windows that close now
   * @param completeToMs end of the last pane that the watermark has closed, ms since the epoch
   */
  async run(closing: readonly WindowPoint[], completeToMs: number): Promise<Anomaly[]> {
    const bySeries = Map.groupBy(closing, (point) => seriesId(point.series))
    await this.#touch(bySeries)
    const anomalies: Anomaly[] = []
    for (const [id, points] of bySeries) {
      const watched = this.#watched.get(id)
      if (watched === undefined) continue
      this.#watched.delete(id)
      this.#watched.set(id, watched)
      points.sort((a, b) => a.startMs - b.startMs)
      for (const point of points) anomalies.push(...this.#see(watched, point))
    }
    for (const watched of this.#watched.values()) {
      anomalies.push(...this.#fillTo(watched, completeToMs))
      if (watched.missing >= MAX_MISSING) this.#watched.delete(watched.id)
    }
    this.#makeRoom()
    return anomalies
  }

  async #touch(bySeries: ReadonlyMap<string, readonly WindowPoint[]>): Promise<void> {
    const untouched = new Map<string, { series: Series; beforeMs: number }>()
    for (const [id, points] of bySeries) {
      const beforeMs = Math.min(...points.map((point) => point.startMs))
      const watched = this.#watched.get(id)
      if (watched !== undefined && beforeMs - watched.lastStartMs > MAX_MISSING * PANE_MS) this.#watched.delete(id)
      if (!this.#watched.has(id)) untouched.set(id, { series: points[0]!.series, beforeMs })
    }
    await this.#open(untouched)
  }

  /** Rebuilds the detectors of series from the windows before a time. */
  async #open(untouched: ReadonlyMap<string, { readonly series: Series; readonly beforeMs: number }>): Promise<void> {
    const opened = [...untouched].flatMap(([id, { series, beforeMs }]) => {
      const rule = this.#ruleOf(series)
      return rule === undefined ? [] : [{ id, series, rule, beforeMs }]
    })
    const keys = opened.flatMap(({ series, beforeMs }) =>
      Array.from({ length: HISTORY_WINDOWS }, (_, i) => ({
        series,
        resolutionMs: PANE_MS,
        startMs: beforeMs - (HISTORY_WINDOWS - i) * PANE_MS,
      })),
    )
    const points: (WindowPoint | undefined)[] = []
    for (let at = 0; at < keys.length; at += LOAD_CHUNK) {
      points.push(...(await this.#store.load(keys.slice(at, at + LOAD_CHUNK))))
    }
    for (const [i, { id, series, rule, beforeMs }] of opened.entries()) {
      const { initial: state } = rule.detector
      const watched = {
        series,
        id,
        rule,
        state,
        lastStartMs: beforeMs - PANE_MS,
        warmUntilMs: beforeMs + PANE_MS,
        missing: 0,
      }
      const history = points.slice(i * HISTORY_WINDOWS, (i + 1) * HISTORY_WINDOWS)
      const first = history.find((point) => point !== undefined)
      if (first !== undefined) watched.lastStartMs = first.startMs - PANE_MS
      for (const point of history) if (point !== undefined) this.#see(watched, point)
      watched.lastStartMs = beforeMs - PANE_MS
      watched.missing = 0
      this.#watched.set(id, watched)
    }
  }

  #see(watched: Watched, point: WindowPoint): Anomaly[] {
    if (point.startMs <= watched.lastStartMs) return []
    const anomalies = this.#fillTo(watched, point.startMs)
    const { aggregate } = watched.rule
    const value = aggregateValue(point.aggregate, aggregate, point.resolutionMs)
    watched.missing = 0
    if (value === undefined) return anomalies
    const { count } = point.aggregate
    return [...anomalies, ...this.#step(watched, { startMs: point.startMs, value, count })]
  }

  /** Counts the windows that are missing before `endMs` as zero, where the rule says so. */
  #fillTo(watched: Watched, endMs: number): Anomaly[] {
    if (watched.rule.missing !== 'zero') return []
    const anomalies: Anomaly[] = []
    for (
      let startMs = watched.lastStartMs + PANE_MS;
      startMs < endMs && watched.missing < MAX_MISSING;
      startMs += PANE_MS
    ) {
      watched.missing++
      anomalies.push(...this.#step(watched, { startMs, value: 0, count: 0 }))
    }
    return anomalies
  }

  #step(watched: Watched, point: DetectorPoint): Anomaly[] {
    const [state, verdict] = watched.rule.detector.step(watched.state, point)
    watched.lastStartMs = point.startMs
    const isDrop = verdict.kind === 'anomaly' && point.value < verdict.expected.low
    if (isDrop && point.startMs <= watched.warmUntilMs) return []
    watched.state = state
    return verdict.kind === 'anomaly' ? [anomalyOf(watched, point, verdict)] : []
  }

  #ruleOf(series: Series): WatchRule | undefined {
    return this.#rules.find((rule) => rule.metric === series.metric && rule.applies(series))
  }

  #makeRoom(): void {
    for (const id of this.#watched.keys()) {
      if (this.#watched.size <= MAX_WATCHED) return
      this.#watched.delete(id)
    }
  }
}

function anomalyOf(
  { series, id, rule }: Watched,
  { startMs, value }: DetectorPoint,
  { score, expected, severity }: Extract<Verdict, { kind: 'anomaly' }>,
): Anomaly {
  const { aggregate, detector } = rule
  const reason = wordFinding({ series, aggregate, value, expected, resolutionMs: PANE_MS })
  return {
    id: `${id} ${aggregate} ${PANE_MS} ${startMs} ${detector.name}`,
    metric: series.metric,
    labels: series.labels,
    aggregate,
    resolutionMs: PANE_MS,
    startMs,
    value,
    expected,
    score: Math.round(score * 10) / 10,
    severity,
    detector: detector.name,
    reason,
  }
}

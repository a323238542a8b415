import {
  type AnomalyStore,
  decodeDelta,
  type FetchedBatch,
  type MetricDelta,
  type MetricStore,
  PANE_MS,
  type PaneDelta,
  parseSeriesId,
  RESOLUTIONS_MS,
  type Series,
  TaskWatermark,
  TOPICS,
  TumblingWindows,
  type WatchRule,
  type WindowKey,
  type WindowPoint,
} from '@weir/core'
import { DeadLetters } from '../runtime/dead-letters.ts'
import type { Emit, Task, TaskContext, Topology } from '../runtime/task.ts'
import { Detection } from './detection.ts'
import { anomalyKey, KeyedOutput, progressBatch, windowEvent } from './metrics-output.ts'
import { emptyPoint, type LiveWindow, WindowTable } from './window-table.ts'

export interface WindowerOptions {
  readonly metricStore: MetricStore
  readonly anomalyStore: AnomalyStore
  readonly watchRules: readonly WatchRule[]
  /** How long after its end a window stays open. Event time, ms */
  readonly graceMs: number
  readonly commitIntervalMs: number
  /** Windows a task holds in memory; more are loaded from the store as they are needed. */
  readonly maxWindows: number
}

/** Changed windows above which they are stored before their time. */
const MAX_DIRTY = 20_000
const UPSERT_CHUNK = 5_000
const MAX_DEAD_LETTERS_BYTES = 4 * 1024 * 1024
const POLL_MAX_BYTES = 256 * 1024

/**
 * Topic `metric-deltas` → metric store: merges deltas into windows of every resolution. The store is the state: a window
 * that is not in memory is loaded, and each carries the position of its last delta, so a replayed delta is skipped.
 *
 * A flush stores what changed, runs the detectors over the windows that close, keeps and announces their anomalies, and
 * only then stores these windows as closed; the offset is committed last. A crash in between repeats the steps with the
 * same outcome: what it sends again carries the same identity (an anomaly its id, a dead letter its source, a window event
 * its window and revision). A delta for a closed window raises its revision; detectors do not run again.
 */
export function windowerTopology(options: WindowerOptions): Topology {
  return {
    name: 'windower',
    inputTopic: TOPICS.metricDeltas,
    outputTopics: [TOPICS.metrics, TOPICS.anomalies, TOPICS.metricDeltasDeadLetter],
    delivery: 'at-least-once',
    pollMaxBytes: POLL_MAX_BYTES,
    commitIntervalMs: options.commitIntervalMs,
    openTask: (context) => WindowerTask.open(options, context),
  }
}

/** A readable record of the topic. */
interface ReadDelta {
  readonly offset: number
  readonly id: string
  readonly series: Series | undefined
  readonly value: MetricDelta
}

const decoder = new TextDecoder()

class WindowerTask implements Task {
  readonly #options: WindowerOptions
  readonly #context: TaskContext
  readonly #levels: readonly TumblingWindows[]
  readonly #table: WindowTable
  readonly #detection: Detection
  readonly #deadLetters: DeadLetters
  readonly #watermark = new TaskWatermark()
  /** Closed windows that changed since the last flush. */
  readonly #corrected = new Set<LiveWindow>()
  readonly #changedMetrics = new Set<string>()
  #maxEventTimeMs = 0
  #resumed: readonly Series[] | undefined

  private constructor(options: WindowerOptions, context: TaskContext) {
    this.#options = options
    this.#context = context
    this.#levels = RESOLUTIONS_MS.map((sizeMs) => TumblingWindows.ofSizeAndGrace(sizeMs, options.graceMs))
    this.#table = new WindowTable(this.#levels)
    this.#detection = new Detection(options.watchRules, options.metricStore)
    this.#deadLetters = new DeadLetters(TOPICS.metricDeltas, TOPICS.metricDeltasDeadLetter, context)
  }

  /** Takes up the windows that are still open in the store, so that they close. */
  static async open(options: WindowerOptions, context: TaskContext): Promise<WindowerTask> {
    const task = new WindowerTask(options, context)
    const open = await task.#restoreOpen()
    task.#resumed = [...new Map(open.map((point) => [JSON.stringify(point.series), point.series])).values()]
    return task
  }

  async process({ records }: FetchedBatch): Promise<void> {
    const deltas: ReadDelta[] = []
    for (let i = 0; i < records.count; i++) {
      const read = this.#read(records.offset(i), records.key(i), records.value(i))
      if (read !== undefined) deltas.push(read)
    }
    await this.#loadMissing(deltas)
    for (const { offset, id, series, value } of deltas) {
      if (value.kind === 'mark') this.#watermark.observe(value.sourcePartition, value.sourcePartitions, value)
      else if (series !== undefined) this.#merge(id, series, value, offset)
    }
  }

  full(): boolean {
    const { dirtyCount, size } = this.#table
    const { sizeBytes } = this.#deadLetters
    return dirtyCount >= MAX_DIRTY || size >= 2 * this.#options.maxWindows || sizeBytes >= MAX_DEAD_LETTERS_BYTES
  }

  wantsFlush(): boolean {
    return false
  }

  async flush(emit: Emit): Promise<void> {
    const watermarkMs = this.#watermark.valueMs
    if (this.#table.evictedAreDue(watermarkMs)) await this.#restoreOpen()
    const due = new Set(this.#table.due(watermarkMs))
    await this.#store([...this.#table.dirty].filter((window) => !due.has(window)))
    await this.#detect(due, watermarkMs, emit)
    this.#table.markClosed(due)
    await this.#store([...due])
    await this.#announce(due, watermarkMs, emit)
    await this.#deadLetters.flush(emit)
    this.#context.meter.add('windows_closed', due.size)
    this.#context.meter.add('windows_evicted', this.#table.evict(this.#options.maxWindows))
    this.#context.meter.set(`windows_in_memory_${this.#context.partition}`, this.#table.size)
  }

  #read(offset: number, key: Uint8Array | null, value: Uint8Array | null): ReadDelta | undefined {
    try {
      const delta = decodeDelta(value ?? new Uint8Array())
      if (delta.kind === 'mark') return { offset, id: '', series: undefined, value: delta }
      if (key === null) throw new RangeError('a delta has no key')
      const id = decoder.decode(key)
      return { offset, id, series: this.#table.seriesOf(id) ?? parseSeriesId(id), value: delta }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#deadLetters.add(offset, value, 'WEIR_RECORD_INVALID', error.message)
      return undefined
    }
  }

  /** Loads, in one call, the windows that the deltas touch and memory lacks. */
  async #loadMissing(deltas: readonly ReadDelta[]): Promise<void> {
    const missing = new Map<string, WindowKey>()
    for (const { id, series, value } of deltas) {
      if (value.kind === 'mark' || series === undefined) continue
      for (const [level, windows] of this.#levels.entries()) {
        const startMs = windows.startOf(value.paneStartMs)
        if (this.#table.find(id, level, startMs) !== undefined) continue
        missing.set(`${level} ${startMs} ${id}`, { series, resolutionMs: windows.sizeMs, startMs })
      }
    }
    if (missing.size === 0) return
    const points = await this.#options.metricStore.load([...missing.values()])
    for (const point of points) if (point !== undefined) this.#table.add(point)
    this.#context.meter.add('windows_looked_up', missing.size)
  }

  #merge(id: string, series: Series, delta: PaneDelta, offset: number): void {
    const { topicId, partition, meter } = this.#context
    const position = { topicId, partition, offset }
    let skipped = true
    for (const [level, windows] of this.#levels.entries()) {
      const startMs = windows.startOf(delta.paneStartMs)
      let window = this.#table.find(id, level, startMs)
      const isNew = window === undefined
      if (window === undefined) {
        const closed = windows.isClosed(startMs, this.#watermark.valueMs)
        window = this.#table.add(emptyPoint({ series, resolutionMs: windows.sizeMs, startMs }, delta, position, closed))
        if (closed) this.#correct(window, 'windows_late_created')
      } else if (window.holds(position)) {
        continue
      }
      skipped = false
      if (window.closed && !isNew) {
        window.revision++
        this.#correct(window, 'windows_corrected')
        if (level === 0) meter.add('deltas_late')
      }
      window.merge(delta, position)
      this.#table.markDirty(window)
    }
    if (skipped) meter.add('deltas_skipped')
    else meter.add('deltas_merged')
    this.#changedMetrics.add(series.metric)
    if (delta.maxEventTimeMs > this.#maxEventTimeMs) this.#maxEventTimeMs = delta.maxEventTimeMs
  }

  #correct(window: LiveWindow, event: string): void {
    this.#corrected.add(window)
    this.#context.meter.add(event)
  }

  async #store(windows: readonly LiveWindow[]): Promise<void> {
    for (let at = 0; at < windows.length; at += UPSERT_CHUNK) {
      const chunk = windows.slice(at, at + UPSERT_CHUNK)
      await this.#options.metricStore.upsert(chunk)
      this.#table.markStored(chunk)
    }
    this.#context.meter.add('windows_stored', windows.length)
  }

  async #detect(due: ReadonlySet<LiveWindow>, watermarkMs: number, emit: Emit): Promise<void> {
    const panes = this.#levels[0]!
    const lastClosedMs = panes.startOf(watermarkMs - panes.graceMs)
    if (!Number.isFinite(lastClosedMs)) return
    const anomalies = await this.#detection.run(
      [...due].filter((window) => window.resolutionMs === PANE_MS),
      lastClosedMs,
    )
    if (this.#resumed !== undefined) {
      await this.#detection.resume(this.#resumed, lastClosedMs)
      this.#resumed = undefined
    }
    this.#context.meter.set(`watched_series_${this.#context.partition}`, this.#detection.watchedSeries)
    if (anomalies.length === 0) return
    // Who is told of an anomaly must find its window, and find it open: a crash from here on repeats the detection.
    await this.#store([...due].filter((window) => window.dirty))
    await this.#options.anomalyStore.put(anomalies)
    const nowMs = this.#context.clock.now()
    const output = new KeyedOutput(TOPICS.anomalies, this.#context.partitionsOf(TOPICS.anomalies))
    for (const anomaly of anomalies) output.add(anomalyKey(anomaly), anomaly, nowMs)
    await output.flush(emit)
    this.#context.meter.add('anomalies', anomalies.length)
  }

  /** Tells live readers what is readable in the store by now: closed and corrected windows, then the progress mark. */
  async #announce(closed: ReadonlySet<LiveWindow>, watermarkMs: number, emit: Emit): Promise<void> {
    const { clock, partition, partitionsOf } = this.#context
    const nowMs = clock.now()
    const partitions = partitionsOf(TOPICS.metrics)
    const output = new KeyedOutput(TOPICS.metrics, partitions)
    for (const window of new Set([...closed, ...this.#corrected]))
      output.add(window.seriesId, windowEvent(window), nowMs)
    await output.flush(emit)
    const progress = progressBatch({
      kind: 'progress',
      partition,
      watermarkMs: Math.max(0, watermarkMs),
      maxEventTimeMs: this.#maxEventTimeMs,
      metrics: [...this.#changedMetrics],
      atMs: nowMs,
    })
    await emit(TOPICS.metrics, partition % partitions, progress)
    this.#context.meter.set(`watermark_ms_${partition}`, Math.max(0, watermarkMs))
    this.#corrected.clear()
    this.#changedMetrics.clear()
  }

  async #restoreOpen(): Promise<WindowPoint[]> {
    const { topicId, partition } = this.#context
    const open = await this.#options.metricStore.loadOpen({ topicId, partition })
    for (const point of open) if (!this.#table.has(point)) this.#table.add(point)
    this.#table.restored()
    return open
  }
}

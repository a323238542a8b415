import {
  type Aggregate,
  DDSketch,
  type DeltaPosition,
  mergeAggregate,
  type PaneDelta,
  type Series,
  seriesId,
  type TumblingWindows,
  type WindowKey,
  type WindowPoint,
} from '@weir/core'

/** A window in memory. */
export class LiveWindow implements WindowPoint {
  readonly series: Series
  readonly seriesId: string
  readonly resolutionMs: number
  readonly startMs: number
  readonly aggregate: Aggregate
  revision: number
  closed: boolean
  source: DeltaPosition
  /** Changed since it was stored. */
  dirty = false
  /** Tick of the table when it was last used. */
  usedAt = 0

  constructor(id: string, point: WindowPoint) {
    this.series = point.series
    this.seriesId = id
    this.resolutionMs = point.resolutionMs
    this.startMs = point.startMs
    this.aggregate = point.aggregate
    this.revision = point.revision
    this.closed = point.closed
    this.source = point.source
  }

  /** Whether the delta at this position is in the window already. Positions of another epoch or partition never are. */
  holds(position: DeltaPosition): boolean {
    const { topicId, partition, offset } = this.source
    return position.topicId === topicId && position.partition === partition && position.offset <= offset
  }

  merge(delta: PaneDelta, position: DeltaPosition): void {
    mergeAggregate(this.aggregate, delta.aggregate)
    this.source = position
  }
}

/** A window that no store has yet, holding nothing. */
export function emptyPoint(key: WindowKey, delta: PaneDelta, source: DeltaPosition, closed: boolean): WindowPoint {
  const sketch = delta.aggregate.sketch === null ? null : new DDSketch()
  const aggregate = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sketch }
  return { ...key, aggregate, revision: 0, closed, source }
}

type ByStart = Map<number, LiveWindow>

/** The windows that a task holds in memory, by series, resolution and start. */
export class WindowTable {
  readonly #resolutions: readonly TumblingWindows[]
  readonly #bySeries = new Map<string, ByStart[]>()
  readonly #dirty = new Set<LiveWindow>()
  /** Open windows by the watermark that closes them. */
  readonly #closing = new Map<number, Set<LiveWindow>>()
  #evictedClosesAtMs = Number.POSITIVE_INFINITY
  #size = 0
  #tick = 0

  constructor(resolutions: readonly TumblingWindows[]) {
    this.#resolutions = resolutions
  }

  get size(): number {
    return this.#size
  }

  get dirtyCount(): number {
    return this.#dirty.size
  }

  /** Windows that changed since they were stored. */
  get dirty(): Iterable<LiveWindow> {
    return this.#dirty
  }

  /** @param level index of the resolution */
  find(id: string, level: number, startMs: number): LiveWindow | undefined {
    const window = this.#bySeries.get(id)?.[level]?.get(startMs)
    if (window !== undefined) window.usedAt = ++this.#tick
    return window
  }

  /** The series of an id, if any window of it is in memory. */
  seriesOf(id: string): Series | undefined {
    for (const byStart of this.#bySeries.get(id) ?? []) for (const { series } of byStart.values()) return series
    return undefined
  }

  /** Takes in a window that is not there yet. */
  add(point: WindowPoint): LiveWindow {
    const level = this.#resolutions.findIndex(({ sizeMs }) => sizeMs === point.resolutionMs)
    const window = new LiveWindow(seriesId(point.series), point)
    window.usedAt = ++this.#tick
    let levels = this.#bySeries.get(window.seriesId)
    if (levels === undefined) {
      levels = this.#resolutions.map(() => new Map())
      this.#bySeries.set(window.seriesId, levels)
    }
    levels[level]!.set(window.startMs, window)
    this.#size++
    if (!window.closed) this.#closingAt(this.#closesAtMs(window)).add(window)
    return window
  }

  has(point: WindowPoint): boolean {
    const level = this.#resolutions.findIndex(({ sizeMs }) => sizeMs === point.resolutionMs)
    return this.#bySeries.get(seriesId(point.series))?.[level]?.has(point.startMs) === true
  }

  markDirty(window: LiveWindow): void {
    window.dirty = true
    this.#dirty.add(window)
  }

  markStored(windows: Iterable<LiveWindow>): void {
    for (const window of windows) {
      window.dirty = false
      this.#dirty.delete(window)
    }
  }

  /** Open windows whose end and grace the watermark has reached, earliest first. They stay open until `markClosed`. */
  due(watermarkMs: number): LiveWindow[] {
    const ends = [...this.#closing.keys()].filter((closesAtMs) => closesAtMs <= watermarkMs).sort((a, b) => a - b)
    return ends.flatMap((end) => [...this.#closing.get(end)!])
  }

  markClosed(windows: Iterable<LiveWindow>): void {
    for (const window of windows) {
      window.closed = true
      const closesAtMs = this.#closesAtMs(window)
      const others = this.#closing.get(closesAtMs)
      others?.delete(window)
      if (others?.size === 0) this.#closing.delete(closesAtMs)
    }
  }

  /** Whether open windows that were evicted must be loaded again because the watermark closes them. */
  evictedAreDue(watermarkMs: number): boolean {
    return this.#evictedClosesAtMs <= watermarkMs
  }

  /** All open windows of the store are in memory again. */
  restored(): void {
    this.#evictedClosesAtMs = Number.POSITIVE_INFINITY
  }

  /**
   * Drops stored windows, the least recently used first, until at most three quarters of `maxWindows` are left. The store
   * has them.
   *
   * @returns how many were dropped
   */
  evict(maxWindows: number): number {
    if (this.#size <= maxWindows) return 0
    const clean: LiveWindow[] = []
    for (const levels of this.#bySeries.values()) {
      for (const byStart of levels) for (const window of byStart.values()) if (!window.dirty) clean.push(window)
    }
    clean.sort((a, b) => a.usedAt - b.usedAt)
    const dropped = clean.slice(0, Math.max(0, this.#size - Math.floor(maxWindows * 0.75)))
    for (const window of dropped) this.#drop(window)
    return dropped.length
  }

  #drop(window: LiveWindow): void {
    const levels = this.#bySeries.get(window.seriesId)!
    const level = this.#resolutions.findIndex(({ sizeMs }) => sizeMs === window.resolutionMs)
    levels[level]!.delete(window.startMs)
    this.#size--
    if (levels.every((byStart) => byStart.size === 0)) this.#bySeries.delete(window.seriesId)
    if (window.closed) return
    const closesAtMs = this.#closesAtMs(window)
    this.#evictedClosesAtMs = Math.min(this.#evictedClosesAtMs, closesAtMs)
    const others = this.#closing.get(closesAtMs)
    others?.delete(window)
    if (others?.size === 0) this.#closing.delete(closesAtMs)
  }

  #closesAtMs(window: WindowPoint): number {
    return this.#resolutions.find(({ sizeMs }) => sizeMs === window.resolutionMs)!.closesAtMs(window.startMs)
  }

  #closingAt(closesAtMs: number): Set<LiveWindow> {
    let windows = this.#closing.get(closesAtMs)
    if (windows === undefined) {
      windows = new Set()
      this.#closing.set(closesAtMs, windows)
    }
    return windows
  }
}

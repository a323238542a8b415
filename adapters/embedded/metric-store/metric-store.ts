import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  DDSketch,
  type DeltaPartition,
  type MetricQuery,
  type MetricResult,
  type MetricStore,
  type MetricSummary,
  RESOLUTIONS_MS,
  type ResolutionMs,
  WeirError,
  type WindowKey,
  type WindowPoint,
} from '@weir/core'
import { OpenFiles } from '../sqlite/open-files.ts'
import { lastWrittenMs, type PeriodFile, PeriodFiles, removePeriodFile } from '../sqlite/period-files.ts'
import { prepareStoreDirectory } from '../sqlite/store-directory.ts'
import { storeError } from '../sqlite/store-error.ts'
import { FILE_LAYOUTS, isResolution } from './file-layout.ts'
import { pointKey, seriesNoOf, windowOf } from './point-key.ts'
import { type PointRow, PointsFile } from './points-file.ts'
import { queryRange, type RangeFile } from './read-range.ts'
import { SERIES_FILE, SeriesDictionary } from './series-dictionary.ts'

const MAX_OPEN_FILES = 32

export interface MetricStoreOptions {
  readonly dir: string
  /** For another thread or process beside the one writer; default false. */
  readonly readOnly?: boolean
  /** How long the windows of a resolution are kept, ms; default 3, 30 and 180 days, and hours for ever. */
  readonly retentionMs?: Partial<Readonly<Record<ResolutionMs, number>>>
  /** What is stored outlives a loss of power too, as it must where the offsets committed after it do; default false. */
  readonly syncEachCommit?: boolean
}

/**
 * Opens the metric store of a directory: SQLite, a file for each resolution and period. One writer at a time; any number
 * of readers, in other threads too, see what it has committed at once.
 *
 * Retention drops a file when both the end of its period and its last write are older than the retention of its
 * resolution: logs of years ago that are sent today stay readable for that time.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE, WEIR_STORE_CORRUPT
 */
export async function openMetricStore(options: MetricStoreOptions): Promise<MetricStore> {
  prepareStoreDirectory(options.dir, options.readOnly ?? false)
  return new EmbeddedMetricStore(options)
}

class EmbeddedMetricStore implements MetricStore {
  readonly #options: MetricStoreOptions
  readonly #readOnly: boolean
  readonly #periods: Readonly<Record<ResolutionMs, PeriodFiles>>
  readonly #files: OpenFiles<PointsFile>
  #dictionary: SeriesDictionary | undefined
  #closed = false

  constructor(options: MetricStoreOptions) {
    this.#options = options
    this.#readOnly = options.readOnly ?? false
    const periods = RESOLUTIONS_MS.map((resolutionMs) => {
      const { name, periodMs } = FILE_LAYOUTS[resolutionMs]
      return [resolutionMs, new PeriodFiles(options.dir, name, periodMs)]
    })
    this.#periods = Object.fromEntries(periods)
    const sync = options.syncEachCommit ?? false
    this.#files = new OpenFiles(MAX_OPEN_FILES, (path) => PointsFile.open(path, this.#readOnly, sync))
    if (!this.#readOnly) this.#dictionary = SeriesDictionary.open(options.dir, false)
  }

  async upsert(points: readonly WindowPoint[]): Promise<void> {
    const dictionary = this.#currentDictionary()
    if (dictionary === undefined || points.length === 0) return
    guard(dictionary.file, () => dictionary.add(points.map((point) => point.series)))
    for (const { period, indexes } of this.#byFile(points)) {
      const rows = indexes.map((i) => rowOf(points[i]!, period.startMs, dictionary))
      this.#use(period.path, (file) => file.upsert(rows))
    }
    this.#files.trim()
  }

  async load(keys: readonly WindowKey[]): Promise<(WindowPoint | undefined)[]> {
    const points = new Array<WindowPoint | undefined>(keys.length).fill(undefined)
    const dictionary = this.#currentDictionary()
    if (dictionary === undefined) return points
    const listed = this.#listedPaths()
    for (const { period, indexes } of this.#byFile(keys)) {
      if (!listed.has(period.path)) continue
      this.#use(period.path, (file) => {
        for (const i of indexes) {
          const key = keys[i]!
          const seriesNo = dictionary.numberOf(key.series)
          if (seriesNo === undefined) continue
          const row = file.load(pointKey((key.startMs - period.startMs) / key.resolutionMs, seriesNo))
          if (row !== undefined) points[i] = pointOf(row, key, dictionary)
        }
      })
    }
    this.#files.trim()
    return points
  }

  async loadOpen(source: DeltaPartition): Promise<WindowPoint[]> {
    const points: WindowPoint[] = []
    const dictionary = this.#currentDictionary()
    const sourceNo = dictionary?.sourceNo(source)
    if (dictionary === undefined || sourceNo === undefined) return points
    for (const resolutionMs of RESOLUTIONS_MS) {
      for (const period of this.#periods[resolutionMs].list()) {
        for (const row of this.#use(period.path, (file) => file.loadOpen(sourceNo)) ?? []) {
          const series = dictionary.byNo(seriesNoOf(row[0]))!
          const startMs = period.startMs + windowOf(row[0]) * resolutionMs
          points.push(
            pointOf(
              row,
              { series: { metric: series.metric, labels: series.labels }, resolutionMs, startMs },
              dictionary,
            ),
          )
        }
        this.#files.trim()
      }
    }
    return points
  }

  async query(query: MetricQuery): Promise<MetricResult> {
    const series = this.#currentDictionary()?.ofMetric(query.metric) ?? []
    this.#files.keepOnly(this.#listedPaths())
    try {
      return queryRange(query, series, ({ resolutionMs }) => this.#rangeFiles(query, resolutionMs))
    } finally {
      this.#files.trim()
    }
  }

  async metrics(): Promise<MetricSummary[]> {
    const summaries: MetricSummary[] = []
    for (const [metric, series] of this.#currentDictionary()?.metrics() ?? []) {
      const names = new Set(series.flatMap((each) => Object.keys(each.labels)))
      summaries.push({ metric, labelNames: [...names].sort(), series: series.length })
    }
    return summaries.sort((a, b) => (a.metric < b.metric ? -1 : 1))
  }

  async labelValues(metric: string, label: string, limit: number): Promise<string[]> {
    const values = new Set<string>()
    for (const { labels } of this.#currentDictionary()?.ofMetric(metric) ?? []) {
      const value = labels[label]
      if (value !== undefined) values.add(value)
    }
    return [...values].sort().slice(0, limit)
  }

  async applyRetention(nowMs: number): Promise<void> {
    this.#assertOpen()
    for (const resolutionMs of RESOLUTIONS_MS) {
      const retentionMs = this.#options.retentionMs?.[resolutionMs] ?? FILE_LAYOUTS[resolutionMs].retentionMs
      for (const period of this.#periods[resolutionMs].list()) {
        if (Math.max(period.endMs, lastWrittenMs(period)) + retentionMs > nowMs) continue
        this.#files.close(period.path)
        removePeriodFile(period)
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#files.closeAll()
    this.#dictionary?.close()
    this.#dictionary = undefined
  }

  /** With what the writer added since; undefined while a reader finds none. */
  #currentDictionary(): SeriesDictionary | undefined {
    this.#assertOpen()
    if (this.#readOnly) {
      if (this.#dictionary === undefined) {
        if (existsSync(join(this.#options.dir, SERIES_FILE))) {
          this.#dictionary = SeriesDictionary.open(this.#options.dir, true)
        }
      } else {
        const dictionary = this.#dictionary
        guard(dictionary.file, () => dictionary.refresh())
      }
    }
    return this.#dictionary
  }

  #byFile(keys: readonly WindowKey[]): Iterable<{ readonly period: PeriodFile; readonly indexes: number[] }> {
    // A period starts at midnight, a resolution is shorter than a day: their sum tells the file.
    const files = new Map<number, { readonly period: PeriodFile; readonly indexes: number[] }>()
    keys.forEach(({ resolutionMs, startMs }, i) => {
      if (!isResolution(resolutionMs) || startMs % resolutionMs !== 0) {
        throw new RangeError(`no window of ${resolutionMs} ms starts at ${startMs}`)
      }
      const periods = this.#periods[resolutionMs]
      const file = periods.startOf(startMs) + resolutionMs
      const known = files.get(file)
      if (known === undefined) files.set(file, { period: periods.at(startMs), indexes: [i] })
      else known.indexes.push(i)
    })
    return files.values()
  }

  #rangeFiles(query: MetricQuery, resolutionMs: ResolutionMs): RangeFile[] {
    return this.#periods[resolutionMs]
      .list()
      .filter((period) => period.startMs < query.toMs && period.endMs > query.fromMs)
      .map((period) => ({
        startMs: period.startMs,
        endMs: period.endMs,
        read: (ranges, withSketches) => {
          const rows = this.#use(period.path, (file) => file.readRanges(ranges, withSketches)) ?? []
          this.#files.trim()
          return rows
        },
      }))
  }

  #listedPaths(): Set<string> {
    return new Set(RESOLUTIONS_MS.flatMap((each) => this.#periods[each].list().map((period) => period.path)))
  }

  #use<T>(path: string, call: (file: PointsFile) => T): T | undefined {
    return guard(path, () => {
      const file = this.#files.use(path)
      return file === undefined ? undefined : call(file)
    })
  }

  #assertOpen(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The metric store was closed; open it again.')
  }
}

function guard<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw storeError(path, error)
  }
}

function rowOf(point: WindowPoint, periodStartMs: number, dictionary: SeriesDictionary): PointRow {
  const { aggregate, source } = point
  return [
    pointKey((point.startMs - periodStartMs) / point.resolutionMs, dictionary.numberOf(point.series)!),
    aggregate.count,
    aggregate.sum,
    aggregate.min,
    aggregate.max,
    aggregate.sketch?.encode() ?? null,
    point.revision,
    point.closed ? 1 : 0,
    dictionary.addSource(source),
    source.offset,
  ]
}

function pointOf(row: PointRow, key: WindowKey, dictionary: SeriesDictionary): WindowPoint {
  const [, count, sum, min, max, sketch, revision, closed, sourceNo, offset] = row
  return {
    series: key.series,
    resolutionMs: key.resolutionMs,
    startMs: key.startMs,
    aggregate: { count, sum, min, max, sketch: sketch === null ? null : DDSketch.decode(sketch) },
    revision,
    closed: closed === 1,
    source: { ...dictionary.source(sourceNo)!, offset },
  }
}

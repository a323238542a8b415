import {
  encodeDelta,
  encodeMark,
  type FetchedBatch,
  type LabelSet,
  type MetricDefinition,
  partitionOf,
  RecordBatchBuilder,
  SourceWatermark,
  seriesId,
  TOPICS,
  type WatermarkOptions,
} from '@weir/core'
import type { Emit, Task, TaskContext, Topology } from '../runtime/task.ts'
import { DeltaFold, SeriesCatalog, seriesOf } from './delta-fold.ts'
import { isRejection, MAX_AHEAD_MS, type Normalize, readLogRecord } from './read-log-record.ts'
import { ScannedFold } from './scanned-fold.ts'

export interface CombinerOptions {
  readonly definitions: readonly MetricDefinition[]
  readonly watermark: WatermarkOptions
  readonly normalize: Normalize
  readonly commitIntervalMs: number
  /** Whether records in Weir's own form are folded from their bytes, where that is safe, instead of being decoded. */
  readonly fastPath: boolean
}

/** Pairs of series and pane above which the fold is written before its time. */
const MAX_CELLS = 20_000
/** An idle partition says so this often, so that the last windows close. ms */
const IDLE_MARK_INTERVAL_MS = 2_000
const POLL_MAX_BYTES = 4 * 1024 * 1024

/**
 * Topic `logs` → topic `metric-deltas`: folds log records into mergeable deltas per (series, 10 s pane). Deltas, the
 * watermark of the partition and its offset become visible in one transaction; nothing is kept between commits but the
 * names of the series and the watermark, so a crash loses and repeats nothing.
 *
 * Each commit sends a watermark mark to every partition of `metric-deltas`. Where a partition of `logs` is read to its
 * end and silent for the idle time-out, marks go on every 2 s and follow the wall clock, so that the last windows close
 * and detectors see the silence.
 */
export function combinerTopology(options: CombinerOptions): Topology {
  const catalog = new SeriesCatalog(options.definitions)
  return {
    name: 'combiner',
    inputTopic: TOPICS.logs,
    outputTopics: [TOPICS.metricDeltas],
    delivery: 'transaction',
    pollMaxBytes: POLL_MAX_BYTES,
    commitIntervalMs: options.commitIntervalMs,
    openTask: async (context) => new CombinerTask(options, catalog, context),
  }
}

interface SeriesKey {
  readonly key: Uint8Array
  readonly partition: number
}

const encoder = new TextEncoder()

class CombinerTask implements Task {
  readonly #normalize: Normalize
  readonly #context: TaskContext
  readonly #catalog: SeriesCatalog
  readonly #fold: DeltaFold
  readonly #scanned: ScannedFold
  readonly #fastPath: boolean
  readonly #watermark: SourceWatermark
  readonly #keys = new WeakMap<LabelSet, Map<MetricDefinition, SeriesKey>>()
  #caughtUp: boolean
  #lastMarkMs: number
  #reportedInvalid = 0

  constructor(options: CombinerOptions, catalog: SeriesCatalog, context: TaskContext) {
    this.#normalize = options.normalize
    this.#context = context
    this.#catalog = catalog
    this.#fold = new DeltaFold(catalog)
    this.#scanned = new ScannedFold(catalog, this.#fold)
    this.#fastPath = options.fastPath
    this.#watermark = new SourceWatermark(options.watermark, context.clock.now())
    this.#caughtUp = context.caughtUp
    this.#lastMarkMs = Number.NEGATIVE_INFINITY
  }

  async process({ records, end }: FetchedBatch): Promise<void> {
    const nowMs = this.#context.clock.now()
    const fastPath = this.#fastPath
    let scans = 0
    let unreadable = 0
    let ahead = 0
    for (let i = 0; i < records.count; i++) {
      const brokerTimeMs = records.timestampMs(i)
      const start = records.valueStarts[i]!
      const scanned = fastPath && start >= 0 && this.#scanned.read(records.bytes, start, records.valueEnds[i]!)
      const record = scanned ? undefined : readLogRecord(records.value(i), brokerTimeMs, this.#normalize)
      if (record !== undefined && isRejection(record)) {
        unreadable++
        continue
      }
      let eventTimeMs = record === undefined ? this.#scanned.timeMs : record.timeMs
      if (eventTimeMs > brokerTimeMs + MAX_AHEAD_MS) {
        eventTimeMs = brokerTimeMs
        ahead++
      }
      if (record === undefined) {
        this.#scanned.add(eventTimeMs, nowMs)
        scans++
      } else {
        this.#fold.add(record, eventTimeMs, nowMs)
      }
      this.#watermark.observe(eventTimeMs, nowMs)
    }
    this.#caughtUp = records.count > 0 && records.offset(records.count - 1) + 1 >= end
    this.#context.meter.add('records_scanned', scans)
    this.#context.meter.add('unreadable', unreadable)
    this.#context.meter.add('times_clamped', ahead)
  }

  full(): boolean {
    return this.#fold.size >= MAX_CELLS
  }

  wantsFlush(nowMs: number): boolean {
    return (
      nowMs - this.#lastMarkMs >= IDLE_MARK_INTERVAL_MS && this.#watermark.mark(nowMs, this.#caughtUp)?.idle === true
    )
  }

  async flush(emit: Emit): Promise<void> {
    const nowMs = this.#context.clock.now()
    const partitions = this.#context.partitionsOf(TOPICS.metricDeltas)
    const builders = Array.from({ length: partitions }, () => new RecordBatchBuilder())
    for (const { labels, definition, paneStartMs, maxEventTimeMs, aggregate } of this.#fold.drain()) {
      const { key, partition } = this.#keyOf(labels, definition, partitions)
      builders[partition]!.append(key, encodeDelta({ paneStartMs, maxEventTimeMs, aggregate }), nowMs)
    }
    this.#appendMark(builders, nowMs)
    for (const [partition, builder] of builders.entries()) await emit(TOPICS.metricDeltas, partition, builder.build())
    this.#count()
  }

  #appendMark(builders: readonly RecordBatchBuilder[], nowMs: number): void {
    const mark = this.#watermark.mark(nowMs, this.#caughtUp)
    if (mark === undefined) return
    const { partition, inputPartitions } = this.#context
    const value = encodeMark({ ...mark, sourcePartition: partition, sourcePartitions: inputPartitions })
    for (const builder of builders) builder.append(null, value, nowMs)
    this.#lastMarkMs = nowMs
    this.#context.meter.set(`watermark_ms_${partition}`, mark.watermarkMs)
  }

  #keyOf(labels: LabelSet, definition: MetricDefinition, partitions: number): SeriesKey {
    let keys = this.#keys.get(labels)
    if (keys === undefined) {
      keys = new Map()
      this.#keys.set(labels, keys)
    }
    let found = keys.get(definition)
    if (found === undefined) {
      const key = encoder.encode(seriesId(seriesOf(definition, labels)))
      found = { key, partition: partitionOf(key, partitions) }
      keys.set(definition, found)
    }
    return found
  }

  #count(): void {
    const { meter } = this.#context
    const { invalidValues } = this.#fold
    meter.add('values_invalid', invalidValues - this.#reportedInvalid)
    meter.set('over_series_budget', this.#catalog.overflows)
    this.#reportedInvalid = invalidValues
  }
}

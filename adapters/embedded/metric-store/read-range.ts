import {
  groupLabels,
  type MetricQuery,
  type MetricResult,
  passesFilters,
  planRange,
  RangeFold,
  type RangePlan,
  WeirError,
} from '@weir/core'
import { BLOCK_WINDOWS, pointKey, seriesNoOf, windowOf } from './point-key.ts'
import type { FoldRow, KeyRange } from './points-file.ts'
import type { KnownSeries } from './series-dictionary.ts'

/** Points that a query may read, over all of its groups. */
const MAX_POINTS_READ = 2_000_000
/** Series whose numbers are this close are read as one range, and those between them left out. */
const MAX_SERIES_GAP = 4
const MAX_SERIES_A_RANGE = 256
/** Bounds the rows that one call returns. */
const MAX_ROWS_A_READ = 32_768

/** A file that covers a part of the query's range. */
export interface RangeFile {
  readonly startMs: number
  readonly endMs: number
  readonly read: (ranges: readonly KeyRange[], withSketches: boolean) => FoldRow[]
}

/**
 * Folds the windows of the metric's series into the query's steps.
 *
 * @throws WEIR_QUERY_INVALID, WEIR_QUERY_TOO_COSTLY
 */
export function queryRange(
  query: MetricQuery,
  seriesOfMetric: readonly KnownSeries[],
  filesOf: (plan: RangePlan) => readonly RangeFile[],
): MetricResult {
  const plan = planRange(query)
  const groups = groupSeries(query, seriesOfMetric)
  const reader = new RangeReader(query, plan, filesOf(plan))
  let dropped = 0
  let kept = groups
  if (groups.length > query.maxGroups) {
    // A first pass without sketches finds the groups that are worth folding.
    const counts = new Float64Array(groups.length)
    const found = new Uint8Array(groups.length)
    reader.read(groups, false, (group, _startMs, row) => {
      counts[group]! += row[1]
      found[group] = 1
    })
    const ranked = [...groups.keys()].filter((i) => found[i] === 1).sort((a, b) => counts[b]! - counts[a]!)
    dropped = Math.max(0, ranked.length - query.maxGroups)
    kept = ranked.slice(0, query.maxGroups).map((i) => groups[i]!)
  }
  const fold = new RangeFold(query, plan)
  const numbers = kept.map((group) => fold.addGroup(groupLabels(group[0]!.labels, query.groupBy)))
  reader.read(kept, plan.quantiles, (group, startMs, row) => {
    fold.add(numbers[group]!, startMs, row[1], row[2], row[3], row[4], row[5] ?? null)
  })
  return fold.result(dropped)
}

function groupSeries(query: MetricQuery, seriesOfMetric: readonly KnownSeries[]): KnownSeries[][] {
  const matching = seriesOfMetric.filter((series) => passesFilters(series.labels, query.filters))
  const byGroup = Map.groupBy(matching, (series) =>
    JSON.stringify(query.groupBy.map((name) => series.labels[name] ?? '')),
  )
  return [...byGroup.values()]
}

class RangeReader {
  readonly #query: MetricQuery
  readonly #resolutionMs: number
  readonly #files: readonly RangeFile[]
  #read = 0

  constructor(query: MetricQuery, plan: RangePlan, files: readonly RangeFile[]) {
    this.#query = query
    this.#resolutionMs = plan.resolutionMs
    this.#files = files
  }

  read(
    groups: readonly (readonly KnownSeries[])[],
    withSketches: boolean,
    take: (group: number, startMs: number, row: FoldRow) => void,
  ): void {
    const groupOf = new Map<number, number>()
    groups.forEach((group, i) => {
      for (const series of group) groupOf.set(series.no, i)
    })
    const runs = runsOf([...groupOf.keys()].sort((a, b) => a - b))
    const { fromMs, toMs } = this.#query
    for (const file of this.#files) {
      for (const ranges of this.#chunks(file, runs)) {
        const rows = file.read(ranges, withSketches)
        this.#count(rows.length + ranges.length)
        for (const row of rows) {
          const group = groupOf.get(seriesNoOf(row[0]))
          const startMs = file.startMs + windowOf(row[0]) * this.#resolutionMs
          if (group !== undefined && startMs >= fromMs && startMs < toMs) take(group, startMs, row)
        }
      }
    }
  }

  *#chunks(file: RangeFile, runs: readonly KeyRange[]): Generator<KeyRange[]> {
    const firstWindow = Math.max(0, this.#query.fromMs - file.startMs) / this.#resolutionMs
    const lastWindow = (Math.min(file.endMs, this.#query.toMs) - file.startMs) / this.#resolutionMs - 1
    let chunk: KeyRange[] = []
    let rows = 0
    const firstBlock = Math.floor(firstWindow / BLOCK_WINDOWS)
    for (let block = firstBlock; block * BLOCK_WINDOWS <= lastWindow; block++) {
      for (const [firstSeries, lastSeries] of runs) {
        const window = block * BLOCK_WINDOWS
        chunk.push([pointKey(window, firstSeries), pointKey(window + BLOCK_WINDOWS - 1, lastSeries)])
        rows += (lastSeries - firstSeries + 1) * BLOCK_WINDOWS
        if (rows < MAX_ROWS_A_READ) continue
        yield chunk
        chunk = []
        rows = 0
      }
    }
    if (chunk.length > 0) yield chunk
  }

  #count(read: number): void {
    this.#read += read
    if (this.#read <= MAX_POINTS_READ) return
    throw new WeirError(
      'WEIR_QUERY_TOO_COSTLY',
      `The query of ${this.#query.metric} reads more than ${MAX_POINTS_READ} points at ${this.#resolutionMs} ms; choose a longer step, a shorter range, or filter by a label.`,
    )
  }
}

/** Rising numbers as runs of neighbours. */
function runsOf(numbers: readonly number[]): KeyRange[] {
  const runs: [number, number][] = []
  for (const no of numbers) {
    const last = runs.at(-1)
    if (last !== undefined && no - last[1] <= MAX_SERIES_GAP && no - last[0] < MAX_SERIES_A_RANGE) last[1] = no
    else runs.push([no, no])
  }
  return runs
}

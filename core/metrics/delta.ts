import { DDSketch } from '../sketches/dd-sketch.ts'
import { Varints } from '../sketches/varints.ts'
import type { SourceMark } from '../windows/source-watermark.ts'
import type { Aggregate } from './aggregate.ts'
import { PANE_MS } from './resolution.ts'

/**
 * A value of topic `metric-deltas`. A delta's record is keyed by its series id; a mark has no key and is sent to every
 * partition of the topic, after the deltas of the same commit.
 */
export type MetricDelta = PaneDelta | WatermarkMark

/** What a combiner folded of one series into one pane between two commits. */
export interface PaneDelta {
  readonly kind: 'delta'
  /** Start of `[start, start + PANE_MS)`, ms since the epoch, a multiple of PANE_MS. */
  readonly paneStartMs: number
  /** Newest event time of the pane's records with the series' labels, ms since the epoch. */
  readonly maxEventTimeMs: number
  readonly aggregate: Aggregate
}

/** How far a combiner has come in one partition of topic `logs`. */
export interface WatermarkMark extends SourceMark {
  readonly kind: 'mark'
  readonly sourcePartition: number
  /** Number of partitions of topic `logs`. */
  readonly sourcePartitions: number
}

const DELTA = 1
const MARK = 2
const COUNTS_ONLY = 0
const WITH_VALUES = 1
const WITH_SKETCH = 2
const VALUES_BYTES = 24
const LARGEST_PARTITION = 1_000_000

/**
 * Bytes of a delta: kind, form, length of the head, head (pane, newest event time past its start, count), then sum, min
 * and max as doubles unless the metric only counts, then the sketch where there is one.
 *
 * @throws {RangeError} if a time or the count is not an integer ≥ 0
 */
export function encodeDelta(delta: Omit<PaneDelta, 'kind'>): Uint8Array {
  const { aggregate, paneStartMs, maxEventTimeMs } = delta
  mustBeWhole(paneStartMs / PANE_MS, 'start of a pane in panes')
  mustBeWhole(maxEventTimeMs - paneStartMs, 'newest event time past the start of its pane')
  mustBeWhole(aggregate.count, 'count of a delta')
  const head = new Varints()
  head.write(paneStartMs / PANE_MS)
  head.write(maxEventTimeMs - paneStartMs)
  head.write(aggregate.count)
  const headBytes = head.bytes()
  const form = formOf(aggregate)
  const sketch = aggregate.sketch?.encode()
  const valuesLength = form === COUNTS_ONLY ? 0 : VALUES_BYTES
  const out = new Uint8Array(3 + headBytes.length + valuesLength + (sketch?.length ?? 0))
  out[0] = DELTA
  out[1] = form
  out[2] = headBytes.length
  out.set(headBytes, 3)
  if (form === COUNTS_ONLY) return out
  const view = new DataView(out.buffer, 3 + headBytes.length, VALUES_BYTES)
  view.setFloat64(0, aggregate.sum)
  view.setFloat64(8, aggregate.min)
  view.setFloat64(16, aggregate.max)
  if (sketch) out.set(sketch, 3 + headBytes.length + VALUES_BYTES)
  return out
}

/** @throws {RangeError} if a number of the mark is not an integer ≥ 0 */
export function encodeMark(mark: Omit<WatermarkMark, 'kind'>): Uint8Array {
  mustBeWhole(mark.sourcePartition, 'partition of a mark')
  mustBeWhole(mark.sourcePartitions, 'number of partitions of a mark')
  mustBeWhole(mark.watermarkMs, 'watermark of a mark')
  const out = new Varints()
  out.write(MARK)
  out.write(mark.sourcePartition)
  out.write(mark.sourcePartitions)
  out.write(mark.watermarkMs)
  out.write(mark.idle ? 1 : 0)
  return out.bytes()
}

/** @throws {RangeError} if the bytes were not made by {@link encodeDelta} or {@link encodeMark} */
export function decodeDelta(bytes: Uint8Array): MetricDelta {
  switch (bytes[0]) {
    case DELTA:
      return decodePane(bytes)
    case MARK:
      return decodeMark(bytes)
    default:
      throw new RangeError(`a value of metric-deltas starts with ${bytes[0] ?? 'nothing'}, not with 1 or 2`)
  }
}

function decodePane(bytes: Uint8Array): PaneDelta {
  const form = bytes[1]
  const headLength = bytes[2] ?? 0
  if (form === undefined || form > WITH_SKETCH) throw new RangeError(`form ${form} of a delta is not known`)
  const values = 3 + headLength
  if (bytes.length < values + (form === COUNTS_ONLY ? 0 : VALUES_BYTES)) {
    throw new RangeError(`a delta of ${bytes.length} bytes is cut off`)
  }
  const head = new Varints(bytes.subarray(3, values))
  const paneStartMs = head.read() * PANE_MS
  const intoPaneMs = head.read()
  const count = head.read()
  if (!Number.isSafeInteger(paneStartMs + intoPaneMs) || intoPaneMs >= PANE_MS) {
    throw new RangeError(`the newest event time of a delta lies ${intoPaneMs} ms past the start of its pane`)
  }
  mustBeWhole(count - 1, 'count of a delta less one')
  const maxEventTimeMs = paneStartMs + intoPaneMs
  if (form === COUNTS_ONLY) {
    if (bytes.length > values) throw new RangeError('a delta that only counts has bytes left over')
    return {
      kind: 'delta',
      paneStartMs,
      maxEventTimeMs,
      aggregate: { count, sum: count, min: 1, max: 1, sketch: null },
    }
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + values, VALUES_BYTES)
  const [sum, min, max] = [view.getFloat64(0), view.getFloat64(8), view.getFloat64(16)]
  if (!Number.isFinite(sum) || !Number.isFinite(min) || !Number.isFinite(max) || min > max) {
    throw new RangeError(`a delta has the sum ${sum}, least ${min} and largest ${max} value`)
  }
  const rest = bytes.subarray(values + VALUES_BYTES)
  if (form === WITH_VALUES && rest.length > 0) throw new RangeError('a delta without a sketch has bytes left over')
  const sketch = form === WITH_SKETCH ? DDSketch.decode(rest) : null
  if (sketch !== null && sketch.count !== count) {
    throw new RangeError(`a delta counts ${count} values, its sketch ${sketch.count}`)
  }
  return { kind: 'delta', paneStartMs, maxEventTimeMs, aggregate: { count, sum, min, max, sketch } }
}

function decodeMark(bytes: Uint8Array): WatermarkMark {
  const input = new Varints(bytes)
  input.read()
  const sourcePartition = input.read()
  const sourcePartitions = input.read()
  const watermarkMs = input.read()
  const idle = input.read()
  if (sourcePartition >= sourcePartitions || sourcePartitions > LARGEST_PARTITION) {
    throw new RangeError(`a mark is of partition ${sourcePartition} of ${sourcePartitions}`)
  }
  if (!Number.isSafeInteger(watermarkMs) || idle > 1) throw new RangeError('a mark is not of a known form')
  return { kind: 'mark', sourcePartition, sourcePartitions, watermarkMs, idle: idle === 1 }
}

function formOf(aggregate: Aggregate): number {
  if (aggregate.sketch !== null) return WITH_SKETCH
  const countsOnly = aggregate.sum === aggregate.count && aggregate.min === 1 && aggregate.max === 1
  return countsOnly ? COUNTS_ONLY : WITH_VALUES
}

function mustBeWhole(value: number, what: string): void {
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new RangeError(`${what} must be an integer ≥ 0; it is ${value}`)
}

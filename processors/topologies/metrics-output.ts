import {
  type Anomaly,
  aggregateValue,
  type ProgressEvent,
  partitionOf,
  type RecordBatch,
  RecordBatchBuilder,
  seriesId,
  type Topic,
  type WindowEvent,
  type WindowPoint,
} from '@weir/core'
import type { Emit } from '../runtime/task.ts'

const encoder = new TextEncoder()

/** Records of one topic, each sent to the partition of its key. */
export class KeyedOutput {
  readonly #topic: Topic
  readonly #builders: readonly RecordBatchBuilder[]

  /** @param partitions of the topic, ≥ 1 */
  constructor(topic: Topic, partitions: number) {
    this.#topic = topic
    this.#builders = Array.from({ length: partitions }, () => new RecordBatchBuilder())
  }

  /** @param nowMs wall clock, ms since the epoch */
  add(key: string, value: WindowEvent | Anomaly, nowMs: number): void {
    const partition = partitionOf(encoder.encode(key), this.#builders.length)
    this.#builders[partition]!.appendText(key, JSON.stringify(value), nowMs)
  }

  async flush(emit: Emit): Promise<void> {
    for (const [partition, builder] of this.#builders.entries()) {
      if (builder.count > 0) await emit(this.#topic, partition, builder.build())
    }
  }
}

export function progressBatch(event: ProgressEvent): RecordBatch {
  const builder = new RecordBatchBuilder()
  builder.appendText(null, JSON.stringify(event), event.atMs)
  return builder.build()
}

export function windowEvent(point: WindowPoint): WindowEvent {
  const { series, aggregate, resolutionMs, startMs, revision } = point
  const quantile = (name: 'p50' | 'p90' | 'p95' | 'p99') => {
    const value = aggregateValue(aggregate, name, resolutionMs)
    return value === undefined ? {} : { [name]: value }
  }
  return {
    kind: 'window',
    metric: series.metric,
    labels: series.labels,
    resolutionMs,
    startMs,
    revision,
    count: aggregate.count,
    sum: aggregate.sum,
    min: aggregate.min,
    max: aggregate.max,
    ...quantile('p50'),
    ...quantile('p90'),
    ...quantile('p95'),
    ...quantile('p99'),
  }
}

export function anomalyKey(anomaly: Anomaly): string {
  return seriesId(anomaly)
}

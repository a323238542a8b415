import type { AnomalyStore, LogStore, MetricStore } from '@weir/core'
import type { AnnotationBook } from '../annotations/annotation-book.ts'
import type { AnnotationsAnswer, AnomaliesAnswer, LogsAnswer, MetricAnswer } from '../schemas/query.ts'
import { logLine } from './log-line.ts'
import type { ResolvedQuery } from './resolve-query.ts'

export interface AnswerSources {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  readonly anomalyStore: AnomalyStore
  readonly annotations: AnnotationBook
}

// An answer says the values as the store holds them: nothing is copied that is written out as JSON at once.
type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T
type Anonymous<T> = ReadonlyDeep<Omit<T, 'id'>>

/** An answer before it gets the id that its asker chose. */
export type AnonymousAnswer =
  | Anonymous<MetricAnswer>
  | Anonymous<LogsAnswer>
  | Anonymous<AnomaliesAnswer>
  | Anonymous<AnnotationsAnswer>

/**
 * Asks the store.
 *
 * @param completeToMs watermark read before: what it says of the data holds for data read after it
 */
export async function computeAnswer(
  resolved: ResolvedQuery,
  sources: AnswerSources,
  completeToMs: number | null,
): Promise<AnonymousAnswer> {
  switch (resolved.type) {
    case 'metric': {
      const { query, unit } = resolved
      const { fromMs, stepMs, steps, groups, droppedGroups } = await sources.metricStore.query(query)
      return {
        type: 'metric',
        metric: query.metric,
        unit,
        fromMs,
        stepMs,
        steps,
        // Past the range's end the mark says nothing about it: capped, the answer over an old range stays the same.
        completeToMs: completeToMs === null ? null : Math.min(completeToMs, query.toMs),
        groups,
        droppedGroups,
      }
    }
    case 'logs': {
      const { logs, nextCursor } = await sources.logStore.search(resolved.search)
      return { type: 'logs', logs: logs.map(logLine), ...(nextCursor === undefined ? {} : { nextCursor }) }
    }
    case 'anomalies':
      return { type: 'anomalies', anomalies: await sources.anomalyStore.query(resolved.query) }
    case 'annotations':
      return { type: 'annotations', annotations: await sources.annotations.inRange(resolved.fromMs, resolved.toMs) }
  }
}

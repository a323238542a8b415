import { AGGREGATE_NAMES } from '@weir/core'
import { type Static, Type } from 'typebox'

const Id = Type.String({ minLength: 1, maxLength: 64, description: 'Chosen by the caller; the answer carries it.' })

export const TimeRange = Type.Union(
  [
    Type.Object(
      { lastMs: Type.Integer({ minimum: 1_000, maximum: 10 * 365 * 86_400_000 }) },
      { additionalProperties: false, title: 'RelativeRange', description: 'The last so many ms, up to now.' },
    ),
    Type.Object(
      { fromMs: Type.Integer({ minimum: 0 }), toMs: Type.Integer({ minimum: 1 }) },
      { additionalProperties: false, title: 'AbsoluteRange', description: '`[fromMs, toMs)`, ms since the epoch.' },
    ),
  ],
  { title: 'TimeRange', description: 'Event time.' },
)
export type TimeRange = Static<typeof TimeRange>

export const MetricQuerySchema = Type.Object(
  {
    id: Id,
    type: Type.Literal('metric'),
    range: TimeRange,
    metric: Type.String({ minLength: 1, maxLength: 200 }),
    aggregates: Type.Array(Type.Enum([...AGGREGATE_NAMES]), { minItems: 1, maxItems: 10 }),
    groupBy: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 5 })),
    filters: Type.Optional(
      Type.Array(
        Type.Object(
          {
            label: Type.String({ minLength: 1, maxLength: 200 }),
            op: Type.Enum(['in', 'not-in']),
            values: Type.Array(Type.String({ maxLength: 1_000 }), { minItems: 1, maxItems: 100 }),
          },
          { additionalProperties: false },
        ),
        { maxItems: 10 },
      ),
    ),
    stepMs: Type.Optional(
      Type.Integer({ minimum: 10_000, description: 'A multiple of 10 000; absent: chosen so that maxPoints fit.' }),
    ),
    maxPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 300 })),
    maxGroups: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50 })),
  },
  { additionalProperties: false, title: 'MetricQuery' },
)

export const LogsQuerySchema = Type.Object(
  {
    id: Id,
    type: Type.Literal('logs'),
    range: TimeRange,
    text: Type.Optional(
      Type.String({ maxLength: 1_000, description: 'Words, prefix*, "a phrase", -without; all must match.' }),
    ),
    services: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 })),
    minSeverity: Type.Optional(Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false, title: 'LogsQuery' },
)

export const AnomaliesQuerySchema = Type.Object(
  {
    id: Id,
    type: Type.Literal('anomalies'),
    range: TimeRange,
    metric: Type.Optional(Type.String({ maxLength: 200 })),
    labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
  },
  { additionalProperties: false, title: 'AnomaliesQuery' },
)

export const AnnotationsQuerySchema = Type.Object(
  { id: Id, type: Type.Literal('annotations'), range: TimeRange },
  { additionalProperties: false, title: 'AnnotationsQuery' },
)

export const QuerySchema = Type.Union(
  [MetricQuerySchema, LogsQuerySchema, AnomaliesQuerySchema, AnnotationsQuerySchema],
  { title: 'Query' },
)
export type Query = Static<typeof QuerySchema>

export const QueryRequest = Type.Object(
  { queries: Type.Array(QuerySchema, { minItems: 1, maxItems: 20 }) },
  { additionalProperties: false, title: 'QueryRequest' },
)
export type QueryRequest = Static<typeof QueryRequest>

const Labels = Type.Record(Type.String(), Type.String())
const Cell = Type.Union([Type.Number(), Type.Null()])

export const MetricAnswer = Type.Object(
  {
    id: Id,
    type: Type.Literal('metric'),
    metric: Type.String(),
    unit: Type.String({ description: '1, ms or By' }),
    fromMs: Type.Integer(),
    stepMs: Type.Integer(),
    steps: Type.Integer({ description: 'Value i of a column is for [fromMs + i·stepMs, + stepMs).' }),
    completeToMs: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The watermark: windows that end at or before it are complete. Null before the first log.',
    }),
    groups: Type.Array(
      Type.Object({
        labels: Labels,
        totals: Type.Record(Type.String(), Cell),
        columns: Type.Record(Type.String(), Type.Array(Cell), { description: 'By aggregate; null is a gap.' }),
      }),
    ),
    droppedGroups: Type.Integer(),
  },
  { title: 'MetricAnswer' },
)
export type MetricAnswer = Static<typeof MetricAnswer>

export const LogLine = Type.Object(
  {
    id: Type.String(),
    timeMs: Type.Integer(),
    timeNanos: Type.Optional(Type.Integer()),
    observedTimeMs: Type.Integer(),
    service: Type.String(),
    severity: Type.Enum(['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    severityNumber: Type.Integer(),
    body: Type.String(),
    traceId: Type.Optional(Type.String()),
    spanId: Type.Optional(Type.String()),
    attributes: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'LogLine' },
)
export type LogLine = Static<typeof LogLine>

export const LogsAnswer = Type.Object(
  {
    id: Id,
    type: Type.Literal('logs'),
    logs: Type.Array(LogLine),
    nextCursor: Type.Optional(Type.String()),
  },
  { title: 'LogsAnswer' },
)
export type LogsAnswer = Static<typeof LogsAnswer>

export const AnomalySchema = Type.Object(
  {
    id: Type.String(),
    metric: Type.String(),
    labels: Labels,
    aggregate: Type.String(),
    resolutionMs: Type.Integer(),
    startMs: Type.Integer(),
    value: Type.Number(),
    expected: Type.Object({ low: Type.Number(), high: Type.Number() }),
    score: Type.Number(),
    severity: Type.Enum(['warn', 'error']),
    detector: Type.String(),
    reason: Type.String(),
  },
  { title: 'Anomaly' },
)

export const AnomaliesAnswer = Type.Object(
  { id: Id, type: Type.Literal('anomalies'), anomalies: Type.Array(AnomalySchema) },
  { title: 'AnomaliesAnswer' },
)
export type AnomaliesAnswer = Static<typeof AnomaliesAnswer>

export const AnnotationSchema = Type.Object(
  {
    id: Type.String(),
    timeMs: Type.Integer({ minimum: 0 }),
    kind: Type.Enum(['deploy', 'note']),
    text: Type.String({ minLength: 1, maxLength: 500 }),
    service: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { title: 'Annotation' },
)
export type AnnotationSchema = Static<typeof AnnotationSchema>

export const NewAnnotation = Type.Object(
  {
    timeMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'When it happened; absent: now.' }),
    ),
    kind: Type.Enum(['deploy', 'note']),
    text: Type.String({ minLength: 1, maxLength: 500 }),
    service: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false, title: 'NewAnnotation' },
)
export type NewAnnotation = Static<typeof NewAnnotation>

export const Annotations = Type.Object({ annotations: Type.Array(AnnotationSchema) }, { title: 'Annotations' })

export const AnnotationsAnswer = Type.Object(
  { id: Id, type: Type.Literal('annotations'), annotations: Type.Array(AnnotationSchema) },
  { title: 'AnnotationsAnswer' },
)
export type AnnotationsAnswer = Static<typeof AnnotationsAnswer>

export const FailedAnswer = Type.Object(
  {
    id: Id,
    type: Type.Literal('error'),
    code: Type.String(),
    message: Type.String({ description: 'What failed, why, and how to mend it.' }),
  },
  { title: 'FailedAnswer', description: 'One query failed; the others stand.' },
)
export type FailedAnswer = Static<typeof FailedAnswer>

export const Answer = Type.Union([MetricAnswer, LogsAnswer, AnomaliesAnswer, AnnotationsAnswer, FailedAnswer], {
  title: 'Answer',
})
export type Answer = Static<typeof Answer>

export const QueryResponse = Type.Object(
  { answers: Type.Array(Answer, { description: 'In the order of the queries.' }) },
  { title: 'QueryResponse' },
)
export type QueryResponse = Static<typeof QueryResponse>

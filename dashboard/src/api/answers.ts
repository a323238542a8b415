import type { paths } from './schema.gen.ts'

type QueryOperation = paths['/api/query']['post']

export type Query = QueryOperation['requestBody']['content']['application/json']['queries'][number]
export type Answer = QueryOperation['responses'][200]['content']['application/json']['answers'][number]

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** A query as a panel asks it; the id is given by whoever sends it. */
export type Question = WithoutId<Query>
export type MetricQuestion = Extract<Question, { type: 'metric' }>
export type LogsQuestion = Extract<Question, { type: 'logs' }>

export type MetricAnswer = Extract<Answer, { type: 'metric' }>
export type MetricGroup = MetricAnswer['groups'][number]
export type LogsAnswer = Extract<Answer, { type: 'logs' }>
export type LogLine = LogsAnswer['logs'][number]
export type AnomaliesAnswer = Extract<Answer, { type: 'anomalies' }>
export type Anomaly = AnomaliesAnswer['anomalies'][number]
export type AnnotationsAnswer = Extract<Answer, { type: 'annotations' }>
export type Annotation = AnnotationsAnswer['annotations'][number]

/** The answer that a question gets when it does not fail. */
export type AnswerTo<Q extends Question> = Extract<Answer, { type: Q['type'] }>

export type PipelineState = paths['/api/pipeline']['get']['responses'][200]['content']['application/json']
export type MinSeverity = NonNullable<LogsQuestion['minSeverity']>

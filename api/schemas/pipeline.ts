import { type Static, Type } from 'typebox'

export const PipelineState = Type.Object(
  {
    nowMs: Type.Integer(),
    completeToMs: Type.Union([Type.Integer(), Type.Null()]),
    lagMs: Type.Union([Type.Number(), Type.Null()], {
      description: 'Time between now and the newest event counted and readable; null before the first log.',
    }),
    ingest: Type.Union(
      [
        Type.Object({
          httpUrl: Type.String({ description: 'Takes logs at /ingest/{service}.' }),
          forwardAddress: Type.String({ description: 'host:port of the Fluent Forward protocol.' }),
        }),
        Type.Null(),
      ],
      { description: 'Where ingest listens; an unspecified host is every address. Null while it listens nowhere.' },
    ),
    totals: Type.Object(
      {
        in: Type.Integer({
          description: 'Records taken into topic logs, plus those dead-lettered or dropped before it.',
        }),
        stored: Type.Integer({ description: 'Records that the indexer has stored.' }),
        deadLettered: Type.Integer(),
        dropped: Type.Integer(),
        inFlight: Type.Integer({ description: 'in - stored - deadLettered - dropped; 0 at rest.' }),
      },
      { description: 'Since the data directory began.' },
    ),
    stages: Type.Array(
      Type.Object({
        name: Type.String({ description: 'A consumer group: combiner, windower, indexer.' }),
        topic: Type.String(),
        lagRecords: Type.Integer(),
      }),
    ),
    roles: Type.Array(
      Type.Object({
        role: Type.String(),
        state: Type.Enum(['starting', 'running', 'degraded', 'stopped']),
        detail: Type.Optional(Type.String()),
        counters: Type.Record(Type.String(), Type.Number()),
      }),
    ),
  },
  { title: 'PipelineState' },
)
export type PipelineState = Static<typeof PipelineState>

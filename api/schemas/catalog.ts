import { type Static, Type } from 'typebox'

export const MetricCatalog = Type.Object(
  {
    metrics: Type.Array(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        unit: Type.String(),
        kind: Type.Enum(['count', 'sum', 'distribution']),
        labelNames: Type.Array(Type.String()),
        series: Type.Integer(),
      }),
    ),
  },
  { title: 'MetricCatalog' },
)
export type MetricCatalog = Static<typeof MetricCatalog>

export const Names = Type.Object({ names: Type.Array(Type.String()) }, { title: 'Names' })

export const ErrorBody = Type.Object({ code: Type.String(), message: Type.String() }, { title: 'Error' })
export type ErrorBody = Static<typeof ErrorBody>

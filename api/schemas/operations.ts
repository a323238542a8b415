import { type Static, Type } from 'typebox'

export const Health = Type.Object(
  {
    status: Type.Literal('ok'),
    version: Type.String(),
    node: Type.String(),
    uptimeMs: Type.Integer(),
  },
  { title: 'Health' },
)
export type Health = Static<typeof Health>

export const Readiness = Type.Object(
  {
    ready: Type.Boolean(),
    reasons: Type.Array(Type.String({ description: 'What is not ready, and why; empty when ready.' })),
  },
  { title: 'Readiness' },
)
export type Readiness = Static<typeof Readiness>

import { type LogStore, WeirError } from '@weir/core'
import { Type } from 'typebox'
import { logLine } from '../query/log-line.ts'
import { ErrorBody } from '../schemas/catalog.ts'
import { LogLine } from '../schemas/query.ts'
import type { RouteHost } from './route-host.ts'

export function logRoutes(app: RouteHost, logStore: LogStore): void {
  app.get(
    '/api/logs/:id',
    {
      schema: {
        operationId: 'log',
        tags: ['query'],
        summary: 'One log line by its id',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }),
        response: { 200: LogLine, 404: ErrorBody },
      },
    },
    async ({ params: { id } }) => {
      const stored = await logStore.get(id)
      if (stored) return logLine(stored)
      throw new WeirError(
        'WEIR_NOT_FOUND',
        `There is no log line ${JSON.stringify(id)}; its time may be past retention.`,
      )
    },
  )
}

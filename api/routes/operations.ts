import { Type } from 'typebox'
import manifest from '../package.json' with { type: 'json' }
import { Health, Readiness } from '../schemas/operations.ts'
import { checkReadiness, type ReadinessSources } from './readiness.ts'
import type { RouteHost } from './route-host.ts'

export interface OperationsSources extends ReadinessSources {
  /** Metrics of this process as Prometheus text. */
  readonly prometheus: () => Promise<string>
}

export function operationsRoutes(app: RouteHost, sources: OperationsSources): void {
  app.get(
    '/health',
    {
      schema: {
        operationId: 'health',
        tags: ['operations'],
        summary: 'The process is up',
        response: { 200: Health },
      },
    },
    async () => {
      const uptimeMs = Math.round(process.uptime() * 1_000)
      return { status: 'ok' as const, version: manifest.version, node: process.version, uptimeMs }
    },
  )

  app.get(
    '/ready',
    {
      schema: {
        operationId: 'ready',
        tags: ['operations'],
        summary: 'Every role runs and every store answers',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const readiness = await checkReadiness(sources)
      return reply.code(readiness.ready ? 200 : 503).send(readiness)
    },
  )

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'prometheus',
        tags: ['operations'],
        summary: 'Metrics of Weir itself for Prometheus',
        produces: ['text/plain'],
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      const text = await sources.prometheus()
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text)
    },
  )
}

import { Type } from 'typebox'
import type { LiveHub } from '../live/live-hub.ts'
import { parseQueryRequestText } from '../query/parse-query-request.ts'
import { ErrorBody } from '../schemas/catalog.ts'
import type { RouteHost } from './route-host.ts'

export function liveRoutes(app: RouteHost, hub: LiveHub): void {
  app.get(
    '/api/live',
    {
      schema: {
        operationId: 'live',
        tags: ['query'],
        summary: 'Follow up to 20 queries by server-sent events',
        description:
          'Event `answer`: an Answer as JSON, at once and whenever it changed. Event `progress`: ' +
          '`{completeToMs, nowMs}`. A client that comes back with Last-Event-ID gets only what changed since.',
        querystring: Type.Object(
          { queries: Type.String({ description: 'A QueryRequest as JSON.' }) },
          { additionalProperties: false },
        ),
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 100 })) }),
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: Type.String() } } },
          400: ErrorBody,
          429: ErrorBody,
        },
      },
    },
    (request, reply) => {
      const { queries } = parseQueryRequestText(request.query.queries)
      hub.checkRoom()
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies must not collect the stream.
        'x-accel-buffering': 'no',
      })
      reply.raw.write('retry: 1000\n\n')
      hub.connect(reply.raw, queries, request.headers['last-event-id'])
    },
  )
}

import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { parseQueryRequest, parseQueryRequestText } from '../query/parse-query-request.ts'
import { type QueryEngine, withId } from '../query/query-engine.ts'
import { ErrorBody } from '../schemas/catalog.ts'
import { QueryRequest, QueryResponse } from '../schemas/query.ts'
import type { RouteHost } from './route-host.ts'

const response = { 200: QueryResponse, 400: ErrorBody }

export function queryRoutes(app: RouteHost, engine: QueryEngine): void {
  app.post(
    '/api/query',
    {
      schema: {
        operationId: 'query',
        tags: ['query'],
        summary: 'Answer up to 20 queries',
        description:
          'Each query is answered on its own: one that fails gets an answer of type error, the others stand.',
        body: QueryRequest,
        response,
      },
      // The handler checks it, by the schema of each query's own type, which gives better messages.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const body = await answerAll(engine, parseQueryRequest(request.body))
      return sendJson(reply, body)
    },
  )

  app.get(
    '/api/query',
    {
      schema: {
        operationId: 'queryByUrl',
        tags: ['query'],
        summary: 'The same by URL, revalidated by ETag',
        querystring: Type.Object(
          { queries: Type.String({ description: 'A QueryRequest as JSON.' }) },
          { additionalProperties: false },
        ),
        response: { ...response, 304: Type.Null({ description: 'The answers are those of the If-None-Match.' }) },
      },
    },
    async (request, reply) => {
      const body = await answerAll(engine, parseQueryRequestText(request.query.queries))
      reply.header('cache-control', 'no-cache')
      return isKnown(request, entityTag(body)) ? reply.code(304).send(null) : sendJson(reply, body)
    },
  )
}

async function answerAll(engine: QueryEngine, { queries }: QueryRequest): Promise<string> {
  const answers = await Promise.all(queries.map((query) => engine.answer(query)))
  return `{"answers":[${answers.map(({ tail }, i) => withId(queries[i]!.id, tail)).join(',')}]}`
}

function sendJson(reply: FastifyReply, body: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('etag', entityTag(body)).send(body)
}

function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  return headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag) ?? false
}

/** Weak: the bytes on the wire depend on the compression. */
function entityTag(body: string): string {
  return `W/"${hash('sha1', body, 'base64url')}"`
}

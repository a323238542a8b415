import { type Clock, WeirError } from '@weir/core'
import { Type } from 'typebox'
import type { AnnotationBook } from '../annotations/annotation-book.ts'
import { ErrorBody } from '../schemas/catalog.ts'
import { AnnotationSchema, Annotations, NewAnnotation } from '../schemas/query.ts'
import type { RouteHost } from './route-host.ts'

export function annotationRoutes(app: RouteHost, annotations: AnnotationBook, clock: Clock): void {
  app.post(
    '/api/annotations',
    {
      schema: {
        operationId: 'addAnnotation',
        tags: ['annotations'],
        summary: 'Mark a deploy or leave a note',
        body: NewAnnotation,
        response: { 201: AnnotationSchema, 400: ErrorBody },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await annotations.add(body, clock.now())),
  )

  app.get(
    '/api/annotations',
    {
      schema: {
        operationId: 'annotations',
        tags: ['annotations'],
        summary: 'The annotations of a range of time, oldest first',
        querystring: Type.Object(
          {
            fromMs: Type.Integer({ minimum: 0, description: 'Inclusive, ms since the epoch.' }),
            toMs: Type.Integer({ minimum: 1, description: 'Exclusive.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Annotations, 400: ErrorBody },
      },
    },
    async ({ query: { fromMs, toMs } }) => {
      if (fromMs >= toMs) {
        throw new WeirError('WEIR_QUERY_INVALID', `The range is empty: fromMs ${fromMs} is not before toMs ${toMs}.`)
      }
      return { annotations: await annotations.inRange(fromMs, toMs) }
    },
  )

  app.delete(
    '/api/annotations/:id',
    {
      schema: {
        operationId: 'removeAnnotation',
        tags: ['annotations'],
        summary: 'Remove an annotation',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }),
        response: { 204: Type.Null(), 404: ErrorBody },
      },
    },
    async ({ params: { id } }, reply) => {
      await annotations.remove(id)
      return reply.code(204).send(null)
    },
  )
}

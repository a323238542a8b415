import { WeirError } from '@weir/core'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { describeProblems } from '../query/describe-problems.ts'
import { describeError } from './error-body.ts'

/** Every error of a route leaves as `{code, message}`, with the status of its code and no stack. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setSchemaErrorFormatter((problems, part) => new WeirError('WEIR_QUERY_INVALID', describeProblems(problems, part)))
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = describeError(error, logger)
    if (status === 429) reply.header('retry-after', '1')
    return reply.code(status).send(body)
  })
}

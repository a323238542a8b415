import { randomUUID } from 'node:crypto'
import { type ErrorCode, WeirError } from '@weir/core'
import type { FastifyError } from 'fastify'
import type { Logger } from 'pino'
import type { ErrorBody } from '../schemas/catalog.ts'

/** HTTP status of a code; every other one is a fault on the server's side: 500. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  WEIR_QUERY_INVALID: 400,
  WEIR_HOST_REFUSED: 403,
  WEIR_NOT_FOUND: 404,
  WEIR_VERSION_CONFLICT: 409,
  WEIR_RECORD_TOO_LARGE: 413,
  WEIR_QUERY_TOO_COSTLY: 422,
  WEIR_OVERLOADED: 429,
  WEIR_STORE_FAILED: 503,
  WEIR_BROKER_UNAVAILABLE: 503,
  WEIR_CLOSED: 503,
}

export function statusOf(code: ErrorCode): number {
  return STATUS_BY_CODE[code] ?? 500
}

/**
 * What a client is told of an error. One that Weir did not raise on purpose is logged under an id, and the client gets
 * the id alone.
 */
export function describeError(error: unknown, logger: Pick<Logger, 'error'>): { status: number; body: ErrorBody } {
  if (error instanceof WeirError) {
    const status = statusOf(error.code)
    if (status >= 500) logger.error({ err: error }, error.message)
    return { status, body: { code: error.code, message: error.message } }
  }
  if (isRefusalOfFastify(error)) {
    const code: ErrorCode = error.statusCode === 413 ? 'WEIR_RECORD_TOO_LARGE' : 'WEIR_QUERY_INVALID'
    return { status: error.statusCode, body: { code, message: error.message } }
  }
  const id = randomUUID()
  logger.error({ err: error, errorId: id }, 'unforeseen error')
  const message = `An unforeseen error; the server's log has it under errorId ${id}.`
  return { status: 500, body: { code: 'WEIR_INTERNAL', message } }
}

/** A body that is no JSON, of an unknown content type, or too large: Fastify's own 4xx. */
function isRefusalOfFastify(error: unknown): error is FastifyError & { statusCode: number } {
  if (!(error instanceof Error)) return false
  const { code, statusCode } = error as Partial<FastifyError>
  return code?.startsWith('FST_') === true && statusCode !== undefined && statusCode >= 400 && statusCode < 500
}

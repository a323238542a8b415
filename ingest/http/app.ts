import { type ErrorCode, WeirError } from '@weir/core'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { ByteBudget } from '../byte-budget.ts'
import type { IngestLimits } from '../limits.ts'
import { isLineFormat, LINE_FORMATS, parserFor } from '../parse/parser-for.ts'
import { type BodyRecord, jsonRecords, lineRecords } from './body-records.ts'
import { CONTENT_ENCODINGS, inflateBody, isKnownEncoding } from './inflate-body.ts'
import { type BodyContext, takeBody } from './take-body.ts'

const CONTENT_TYPES = ['application/json', 'application/x-ndjson', 'text/plain'] as const
const MAX_SERVICE_CHARS = 200
const RETRY_AFTER_S = '1'
const REQUEST_TIMEOUT_MS = 120_000

export type HttpContext = Omit<BodyContext, 'service' | 'peer'> & { readonly limits: IngestLimits }

interface IngestRoute {
  Params: { service: string }
  Querystring: { format?: string }
  Body: Buffer
}

/** The HTTP listener's routes; docs/reference/ingest.md lists their answers. */
export function buildHttpApp(context: HttpContext): FastifyInstance {
  const { events, limits } = context
  const receiving = new ByteBudget(limits.maxReceivingBytes)
  const app = fastify({
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 4 * MAX_SERVICE_CHARS },
    forceCloseConnections: 'idle',
    logger: false,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...CONTENT_TYPES], { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.setErrorHandler((error: FastifyError | WeirError, request, reply) => {
    const { status, code, message } = answerTo(error, limits)
    events.requestRejected(peerOf(request), status, code, message)
    if (status === 429 || status === 503) reply.header('retry-after', RETRY_AFTER_S)
    return reply.status(status).send({ code, message })
  })

  app.get('/health', async () => ({ status: events.brokerFailure === undefined ? 'ok' : 'degraded' }))

  app.post<IngestRoute>(
    '/ingest/:service',
    { preParsing: async (request, reply) => holdBodyBytes(request, reply, receiving, limits) },
    async (request, reply) => {
      const service = serviceOf(request.params.service)
      const encoding = encodingOf(request)
      const received = request.body ?? Buffer.alloc(0)
      events.bytesReceived('http', received.length)
      const body = await inflateBody(received, encoding, limits)
      const peer = peerOf(request)
      const taken = await takeBody(recordsOf(request, body, limits), body.length, { ...context, service, peer })
      if (taken.accepted > 0 || taken.rejected === 0) return taken
      const first = taken.errors[0]!
      const message = `No record could be taken. Line ${first.line}: ${first.reason}`
      events.requestRejected(peer, 400, 'WEIR_RECORD_INVALID', message)
      return reply.status(400).send({ code: 'WEIR_RECORD_INVALID', message, ...taken })
    },
  )
  return app
}

/** Bounds the memory of bodies on their way in: their announced size counts, or else the most that one may have. */
function holdBodyBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  receiving: ByteBudget,
  limits: IngestLimits,
): void {
  const announced = Number(request.headers['content-length'] ?? limits.maxBodyBytes)
  const unpacked = request.headers['content-encoding'] === undefined ? 0 : limits.maxBodyBytes
  const bytes = Math.min(announced, limits.maxBodyBytes) + unpacked
  if (!receiving.tryReserve(bytes)) {
    throw new WeirError('WEIR_OVERLOADED', 'Too many bodies are being received; send again in a second.')
  }
  reply.raw.once('close', () => receiving.release(bytes))
}

function recordsOf(request: FastifyRequest<IngestRoute>, body: Buffer, limits: IngestLimits): Iterable<BodyRecord> {
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
  if (contentType === 'application/json') return jsonRecords(body, limits.maxLineBytes)
  const format = contentType === 'application/x-ndjson' ? 'json' : (request.query.format ?? 'auto')
  if (!isLineFormat(format)) {
    const reason = `format=${format.slice(0, 40)} is unknown; one of ${LINE_FORMATS.join(', ')} is.`
    throw new WeirError('WEIR_QUERY_INVALID', reason)
  }
  return lineRecords(body, parserFor(format), limits.maxLineBytes)
}

/** @throws WEIR_QUERY_INVALID unless it has 1..200 characters, all printable */
function serviceOf(name: string): string {
  const service = name.trim()
  if (service === '' || service.length > MAX_SERVICE_CHARS || /[\p{C}\p{Zl}\p{Zp}]/u.test(service)) {
    const reason = `The service in /ingest/{service} must have 1 to ${MAX_SERVICE_CHARS} printable characters.`
    throw new WeirError('WEIR_QUERY_INVALID', reason)
  }
  return service
}

class UnsupportedEncoding extends Error {}

function encodingOf(request: FastifyRequest): string {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (isKnownEncoding(encoding)) return encoding
  const known = CONTENT_ENCODINGS.join(', ')
  throw new UnsupportedEncoding(`Content-Encoding ${encoding.slice(0, 40)} is unknown; taken are ${known}.`)
}

function peerOf(request: FastifyRequest): string {
  return `${request.ip}:${request.socket.remotePort ?? 0}`
}

interface ErrorAnswer {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
}

const STATUS_OF: Readonly<Partial<Record<ErrorCode, number>>> = {
  WEIR_RECORD_INVALID: 400,
  WEIR_QUERY_INVALID: 400,
  WEIR_RECORD_TOO_LARGE: 413,
  WEIR_OVERLOADED: 429,
}

function answerTo(error: FastifyError | WeirError, limits: IngestLimits): ErrorAnswer {
  if (error instanceof UnsupportedEncoding) return { status: 415, code: 'WEIR_RECORD_INVALID', message: error.message }
  if (error instanceof WeirError) {
    return { status: STATUS_OF[error.code] ?? 503, code: error.code, message: error.message }
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const message = `The body is over ${limits.maxBodyBytes} bytes; send it in smaller parts.`
    return { status: 413, code: 'WEIR_RECORD_TOO_LARGE', message }
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const message = `The Content-Type must be one of ${CONTENT_TYPES.join(', ')}.`
    return { status: 415, code: 'WEIR_RECORD_INVALID', message }
  }
  const status = error.statusCode ?? 503
  if (status < 500) return { status, code: 'WEIR_QUERY_INVALID', message: error.message }
  return { status: 503, code: 'WEIR_STORE_FAILED', message: `The records were not stored: ${error.message}` }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { LogAttributes, LogSeverity, ServiceLog } from './service-log.ts'
import { startTrace, type TraceContext } from './trace.ts'

declare module 'fastify' {
  interface FastifyRequest {
    trace: TraceContext
    /** The log of this request's span. */
    shopLog: ServiceLog
    /** What the route adds to the request's access line. */
    access: AccessNotes
  }
}

export interface AccessNotes {
  /** Ends the sentence: "…, order ord_8Fk2QxT3, 3 items". */
  readonly phrases: string[]
  attributes: LogAttributes
}

const MAX_PATH_LENGTH = 200

/** Begins a trace for each request, names it in the answer's `x-trace-id`, and writes one line per answer. */
export function registerAccessLog(app: FastifyInstance, log: ServiceLog): void {
  app.addHook('onRequest', async (request, reply) => {
    request.trace = startTrace()
    request.shopLog = log.within(request.trace)
    request.access = { phrases: [], attributes: {} }
    reply.header('x-trace-id', request.trace.traceId)
  })
  app.addHook('onResponse', async (request, reply) => writeAccessLine(request, reply))
}

function writeAccessLine(request: FastifyRequest, reply: FastifyReply): void {
  const { method, access } = request
  const path = (request.url.split('?', 1)[0] ?? '').slice(0, MAX_PATH_LENGTH)
  const route = request.routeOptions.url
  const durationMs = reply.elapsedTime
  const sentence = [`${method} ${path} ${reply.statusCode} in ${Math.round(durationMs)} ms`, ...access.phrases]
  request.shopLog.write(accessSeverity(reply.statusCode), sentence.join(', '), {
    'http.request.method': method,
    ...(route === undefined ? {} : { 'http.route': route }),
    'url.path': path,
    'http.response.status_code': reply.statusCode,
    'http.response.body.size': Number(reply.getHeader('content-length') ?? 0),
    duration_ms: Math.round(durationMs * 10) / 10,
    ...access.attributes,
  })
}

function accessSeverity(statusCode: number): LogSeverity {
  if (statusCode >= 500) return 'ERROR'
  return statusCode >= 400 ? 'WARN' : 'INFO'
}

import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify'
import { registerAccessLog } from './access-log.ts'
import { registerIncidentRoutes } from './incident-routes.ts'
import { registerOrderRoutes } from './order-routes.ts'
import { registerProductRoutes } from './product-routes.ts'
import type { Shop } from './shop.ts'
import { ShopError } from './shop-error.ts'

const MAX_BODY_BYTES = 64 * 1024

/** The shop's HTTP side, not yet listening. */
export function buildApp(shop: Shop): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    // A quantity of "3" is a client's mistake, told and not guessed away.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
  registerAccessLog(app, shop.apiLog)
  app.setErrorHandler((error: Partial<FastifyError> & Error, request, reply) => {
    const { statusCode = 500, code = 'SHOP_DEFECT' } = error
    const known = error instanceof ShopError || statusCode < 500
    if (!known) logDefect(error, request)
    request.access.phrases.push(code)
    request.access.attributes = { ...request.access.attributes, 'error.type': code }
    if (statusCode === 503) reply.header('retry-after', '1')
    const message = known
      ? error.message
      : `The shop failed; its log has the reason under trace ${request.trace.traceId}.`
    return reply.code(statusCode).send({ code, message })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'SHOP_NOT_FOUND', message: `There is no ${request.method} ${request.url} here.` }),
  )
  app.get('/health', () => ({ status: 'ok', logs: shop.outbox.counts() }))
  registerProductRoutes(app, shop)
  registerOrderRoutes(app, shop)
  registerIncidentRoutes(app, shop.incidents)
  return app
}

function logDefect(error: Error, request: FastifyRequest): void {
  request.shopLog.error(`${request.method} ${request.url} failed: ${error.message}`, {
    'exception.type': error.name,
    'exception.message': error.message,
    'exception.stacktrace': error.stack ?? '',
  })
}

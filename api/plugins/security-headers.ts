import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** Everything from here, no inline scripts; charts and panels place themselves by style attributes. */
export async function setSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Weir itself speaks HTTP; a proxy in front that speaks HTTPS sets its own.
    strictTransportSecurity: false,
  })
}

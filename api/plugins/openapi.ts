import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import manifest from '../package.json' with { type: 'json' }
import { nameSchemas } from './named-schemas.ts'

/** OpenAPI 3.1 of the routes registered after it; `app.swagger()` returns it, /docs shows it. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Weir',
        description: 'Metrics, logs, anomalies and annotations of one Weir, asked for once or live.',
        version: manifest.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'query', description: 'Answers for panels, once or live' },
        { name: 'catalogue', description: 'What there is to ask for' },
        { name: 'annotations', description: 'Deploy markers and notes' },
        { name: 'operations', description: 'The state of Weir itself' },
      ],
    },
    transformObject: (document) =>
      'openapiObject' in document ? nameSchemas(document.openapiObject) : document.swaggerObject,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Its page has inline styles; everything else comes from here.
    staticCSP: {
      'default-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'object-src': "'none'",
      'base-uri': "'self'",
      'frame-ancestors': "'none'",
    },
  })
}

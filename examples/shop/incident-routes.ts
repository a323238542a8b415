import type { FastifyInstance } from 'fastify'
import { type Incidents, parseIncidentRequest } from './incidents.ts'
import { ShopError } from './shop-error.ts'

export function registerIncidentRoutes(app: FastifyInstance, incidents: Incidents): void {
  app.get('/admin/incident', () => incidents.current())

  app.post('/admin/incident', (request) => {
    const parsed = parseIncidentRequest(request.body)
    if (typeof parsed === 'string') throw new ShopError(400, 'SHOP_INCIDENT_INVALID', parsed)
    request.access.phrases.push(`incident ${parsed.kind}`)
    return incidents.set(parsed)
  })
}

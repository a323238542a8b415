import { type LogStore, type MetricDefinition, type MetricStore, WeirError } from '@weir/core'
import { Type } from 'typebox'
import { ErrorBody, MetricCatalog, Names } from '../schemas/catalog.ts'
import type { RouteHost } from './route-host.ts'

export interface CatalogueSources {
  readonly definitions: readonly MetricDefinition[]
  readonly metricStore: MetricStore
  readonly logStore: LogStore
}

export function catalogueRoutes(app: RouteHost, { definitions, metricStore, logStore }: CatalogueSources): void {
  app.get(
    '/api/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['catalogue'],
        summary: 'The metrics and their labels',
        response: { 200: MetricCatalog },
      },
    },
    async () => {
      const seriesByMetric = new Map((await metricStore.metrics()).map(({ metric, series }) => [metric, series]))
      const metrics = definitions.map(({ name, description, unit, kind, labelNames }) => {
        return { name, description, unit, kind, labelNames: [...labelNames], series: seriesByMetric.get(name) ?? 0 }
      })
      return { metrics }
    },
  )

  app.get(
    '/api/metrics/:metric/labels/:label/values',
    {
      schema: {
        operationId: 'labelValues',
        tags: ['catalogue'],
        summary: 'The values of a label',
        params: Type.Object({
          metric: Type.String({ minLength: 1, maxLength: 200 }),
          label: Type.String({ minLength: 1, maxLength: 200 }),
        }),
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })) },
          { additionalProperties: false },
        ),
        response: { 200: Names, 400: ErrorBody, 404: ErrorBody },
      },
    },
    async ({ params: { metric, label }, query: { limit = 100 } }) => {
      const definition = definitions.find(({ name }) => name === metric)
      if (!definition) throw new WeirError('WEIR_NOT_FOUND', `There is no metric ${JSON.stringify(metric)}.`)
      if (!definition.labelNames.includes(label)) {
        const known = definition.labelNames.join(', ')
        throw new WeirError('WEIR_NOT_FOUND', `${metric} has no label ${JSON.stringify(label)}; it has ${known}.`)
      }
      return { names: await metricStore.labelValues(metric, label, limit) }
    },
  )

  app.get(
    '/api/services',
    {
      schema: {
        operationId: 'services',
        tags: ['catalogue'],
        summary: 'The services that have logged',
        response: { 200: Names },
      },
    },
    async () => ({ names: await logStore.services() }),
  )
}

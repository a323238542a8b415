import type { Clock } from '@weir/core'
import { type PipelineSources, readPipelineState } from '../progress/pipeline-state.ts'
import { PipelineState } from '../schemas/pipeline.ts'
import type { RouteHost } from './route-host.ts'

export function pipelineRoutes(app: RouteHost, sources: PipelineSources, clock: Clock): void {
  app.get(
    '/api/pipeline',
    {
      schema: {
        operationId: 'pipeline',
        tags: ['operations'],
        summary: 'What came in, where it went, and who lags',
        response: { 200: PipelineState },
      },
    },
    () => readPipelineState(sources, clock.now()),
  )
}

import createClient from 'openapi-fetch'
import type { Answer, LogLine, PipelineState, Query } from './answers.ts'
import { failureOf, RequestFailed } from './failure.ts'
import type { paths } from './schema.gen.ts'

const client = createClient<paths>({ baseUrl: '/' })

/** @throws {RequestFailed} on an error status */
export async function postQueries(queries: Query[], signal?: AbortSignal): Promise<Answer[]> {
  const { data, error, response } = await client.POST('/api/query', {
    body: { queries },
    ...(signal ? { signal } : {}),
  })
  if (!data) throw new RequestFailed(failureOf(response.status, error))
  return data.answers
}

/** @throws {RequestFailed} on an error status */
export async function getPipeline(): Promise<PipelineState> {
  const { data, error, response } = await client.GET('/api/pipeline')
  if (!data) throw new RequestFailed(failureOf(response.status, error))
  return data
}

/** @throws {RequestFailed} on an error status */
export async function getServices(): Promise<string[]> {
  const { data, error, response } = await client.GET('/api/services')
  if (!data) throw new RequestFailed(failureOf(response.status, error))
  return data.names
}

/** @throws {RequestFailed} on an error status, 404 for an unknown id among them */
export async function getLogLine(id: string): Promise<LogLine> {
  const { data, error, response } = await client.GET('/api/logs/{id}', { params: { path: { id } } })
  if (!data) throw new RequestFailed(failureOf(response.status, error))
  return data
}

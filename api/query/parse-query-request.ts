import { WeirError } from '@weir/core'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  AnnotationsQuerySchema,
  AnomaliesQuerySchema,
  LogsQuerySchema,
  MetricQuerySchema,
  type Query,
  QueryRequest,
} from '../schemas/query.ts'
import { describeProblems } from './describe-problems.ts'

const request = Compile(QueryRequest)

// A union's own errors are those of every alternative at once; by its type a query is checked against its own schema.
const byType = new Map<unknown, [TSchema, ReturnType<typeof Compile>]>(
  [MetricQuerySchema, LogsQuerySchema, AnomaliesQuerySchema, AnnotationsQuerySchema].map((schema) => [
    schema.properties.type.const,
    [schema, Compile(schema as TSchema)],
  ]),
)

/**
 * @param value decoded JSON
 * @throws WEIR_QUERY_INVALID naming the field and the reason
 */
export function parseQueryRequest(value: unknown): QueryRequest {
  if (request.Check(value)) {
    refuseTwins(value.queries)
    return value
  }
  throw new WeirError('WEIR_QUERY_INVALID', problemOf(value))
}

/** As {@link parseQueryRequest} from JSON text, e.g. of a query string. */
export function parseQueryRequestText(text: string): QueryRequest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new WeirError('WEIR_QUERY_INVALID', `Parameter queries is not JSON: ${(cause as Error).message}.`, { cause })
  }
  return parseQueryRequest(value)
}

function refuseTwins(queries: readonly Query[]): void {
  const ids = new Set<string>()
  for (const { id } of queries) {
    if (ids.has(id)) throw new WeirError('WEIR_QUERY_INVALID', `Two queries have the id ${JSON.stringify(id)}.`)
    ids.add(id)
  }
}

function problemOf(value: unknown): string {
  const queries = (value as { queries?: unknown } | null)?.queries
  if (!Array.isArray(queries)) return 'The request must be {"queries": [...]}.'
  for (const [index, query] of queries.entries()) {
    const known = byType.get((query as { type?: unknown } | null)?.type)
    if (!known) return `queries/${index}/type must be one of ${[...byType.keys()].join(', ')}.`
    const [schema, check] = known
    if (!check.Check(query)) return describeProblems(check.Errors(query), `queries/${index}`, schema)
  }
  return describeProblems(request.Errors(value), 'The request')
}

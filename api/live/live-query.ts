import type { Query } from '../schemas/query.ts'
import type { LiveConnection } from './live-connection.ts'

/** A query that one or more clients follow; see {@link LiveHub}. */
export interface LiveQuery {
  /** With the id of whoever asked first, which no answer carries. */
  readonly query: Query
  readonly connections: Set<LiveConnection>
  /** The newest answer; absent before the first. */
  tail: string | undefined
  /** Of the engine, when that answer was asked for: the same stamp, the same answer. */
  stamp: string | undefined
  /** Number of the change that brought the answer. */
  changedAt: number
  /** The computation that runs. */
  refreshing: Promise<void> | undefined
}

/** The same for queries that ask for the same, whatever their ids. */
export function liveQueryKey({ id: _, ...question }: Query): string {
  return JSON.stringify(sorted(question))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]))
}

/** A running part of Weir (ingest, combiner, windower, indexer), as the supervisor and the API see it. */
export interface Role {
  readonly name: string
  status(): RoleStatus
  /** Takes nothing new, finishes what it holds, commits, closes what it opened. Idempotent. */
  stop(): Promise<void>
}

export interface RoleStatus {
  readonly role: string
  readonly state: 'starting' | 'running' | 'degraded' | 'stopped'
  /** Why, where the state is not `running`. */
  readonly detail?: string
  /** Totals since the process started, by name, e.g. `records_in`. */
  readonly counters: Readonly<Record<string, number>>
}

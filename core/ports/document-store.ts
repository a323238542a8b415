/** Small JSON documents of the users (annotations, dashboards, rules…) with optimistic concurrency by version. */
export interface DocumentStore {
  get<T>(kind: string, id: string): Promise<StoredDocument<T> | undefined>
  /** By id, ascending. */
  list<T>(kind: string, options: { readonly limit: number; readonly after?: string }): Promise<StoredDocument<T>[]>
  /**
   * @param expectedVersion that the caller has read; 0: must not exist yet
   * @returns with the new version (expectedVersion + 1)
   * @throws WEIR_VERSION_CONFLICT
   */
  put<T>(kind: string, id: string, body: T, expectedVersion: number): Promise<StoredDocument<T>>
  /** @throws WEIR_VERSION_CONFLICT */
  remove(kind: string, id: string, expectedVersion: number): Promise<void>
  close(): Promise<void>
}

export interface StoredDocument<T> {
  readonly kind: string
  readonly id: string
  /** ≥ 1 */
  readonly version: number
  readonly updatedMs: number
  readonly body: T
}

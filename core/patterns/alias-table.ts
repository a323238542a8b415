/** Which id took the place of a former one. Bounded: beyond `maxAliases` the oldest is forgotten. */
export class AliasTable {
  private readonly successors = new Map<string, string>()
  private readonly maxAliases: number

  constructor(maxAliases: number) {
    this.maxAliases = maxAliases
  }

  /** From now on `id` means what `successor` means; itself, if that already means `id`. */
  add(id: string, successor: string): void {
    // Without its former successor first, or the chain could lead back through it.
    this.successors.delete(id)
    if (this.resolve(successor) === id) return
    this.successors.set(id, successor)
    if (this.successors.size <= this.maxAliases) return
    for (const oldest of this.successors.keys()) {
      this.successors.delete(oldest)
      break
    }
  }

  /** `id` is used for itself again. */
  release(id: string): void {
    this.successors.delete(id)
  }

  /** The id that stands for `id` today; `id` itself if nothing took its place. */
  resolve(id: string): string {
    let current = id
    for (let next = this.successors.get(current); next !== undefined; next = this.successors.get(current))
      current = next
    return current
  }

  entries(): IterableIterator<[string, string]> {
    return this.successors.entries()
  }
}

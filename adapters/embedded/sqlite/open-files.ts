/** Something opened that must be closed. */
export interface Closable {
  close(): void
}

/**
 * Files kept open between calls, at most `maxOpen` of them: those not used for longest are closed. A call may use more at
 * a time; {@link trim} at its end closes what is too much, never a file in use.
 */
export class OpenFiles<T extends Closable> {
  readonly #open: (path: string) => T | undefined
  readonly #maxOpen: number
  readonly #files = new Map<string, T>()

  /** @param open undefined where the file holds nothing yet */
  constructor(maxOpen: number, open: (path: string) => T | undefined) {
    this.#maxOpen = maxOpen
    this.#open = open
  }

  use(path: string): T | undefined {
    const known = this.#files.get(path)
    if (known !== undefined) {
      this.#files.delete(path)
      this.#files.set(path, known)
      return known
    }
    const opened = this.#open(path)
    if (opened !== undefined) this.#files.set(path, opened)
    return opened
  }

  trim(): void {
    for (const path of this.#files.keys()) {
      if (this.#files.size <= this.#maxOpen) return
      this.close(path)
    }
  }

  /** Closes those files that are not in the set: they were removed. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of [...this.#files.keys()]) if (!paths.has(path)) this.close(path)
  }

  close(path: string): void {
    const file = this.#files.get(path)
    this.#files.delete(path)
    file?.close()
  }

  closeAll(): void {
    for (const path of [...this.#files.keys()]) this.close(path)
  }
}

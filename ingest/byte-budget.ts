interface Waiter {
  readonly bytes: number
  readonly enter: () => void
}

/**
 * A bound on bytes held at a time by everyone who shares it. What is larger than the whole bound is let in alone, so
 * that it is slow rather than impossible.
 */
export class ByteBudget {
  readonly maxBytes: number
  #usedBytes = 0
  readonly #waiters: Waiter[] = []

  /** @param maxBytes > 0 */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Takes `bytes` if they fit now and nobody has been waiting for longer; each success needs one {@link release}. */
  tryReserve(bytes: number): boolean {
    if (this.#waiters.length > 0 || !this.#fits(bytes)) return false
    this.#usedBytes += bytes
    return true
  }

  /** Takes `bytes` as soon as they fit, in the order of the calls; needs one {@link release}. */
  reserve(bytes: number): Promise<void> {
    if (this.tryReserve(bytes)) return Promise.resolve()
    return new Promise((enter) => this.#waiters.push({ bytes, enter }))
  }

  release(bytes: number): void {
    this.#usedBytes -= bytes
    let next = this.#waiters[0]
    while (next !== undefined && this.#fits(next.bytes)) {
      this.#waiters.shift()
      this.#usedBytes += next.bytes
      next.enter()
      next = this.#waiters[0]
    }
  }

  #fits(bytes: number): boolean {
    return this.#usedBytes === 0 || this.#usedBytes + bytes <= this.maxBytes
  }
}

/**
 * Runs the drawings of many charts one a turn: an answer changes several at once, and drawn together they would keep the
 * page from answering to the reader.
 */
export class DrawQueue {
  readonly #waiting = new Map<object, () => void>()
  readonly #soon: (callback: () => void) => void
  #planned = false

  /** @param soon runs its callback in a later turn */
  constructor(soon: (callback: () => void) => void) {
    this.#soon = soon
  }

  /** A newer drawing takes the place of the one that its chart still waits for. @returns function that calls it off */
  draw(chart: object, drawing: () => void): () => void {
    this.#waiting.set(chart, drawing)
    this.#plan()
    return () => {
      if (this.#waiting.get(chart) === drawing) this.#waiting.delete(chart)
    }
  }

  #plan(): void {
    if (this.#planned || this.#waiting.size === 0) return
    this.#planned = true
    this.#soon(() => {
      this.#planned = false
      const [next] = this.#waiting
      if (!next) return
      this.#waiting.delete(next[0])
      this.#plan()
      next[1]()
    })
  }
}

export const drawQueue = new DrawQueue((callback) => setTimeout(callback, 0))

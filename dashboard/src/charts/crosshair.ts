/** The moment under the pointer, shared by all charts of the page. It moves outside of React: a pointer is fast. */
export interface Pointed {
  /** ms since the epoch */
  readonly timeMs: number
  /** The chart that the pointer is on. */
  readonly owner: string
}

const listeners = new Set<() => void>()
let pointed: Pointed | undefined

export const crosshair = {
  get: (): Pointed | undefined => pointed,
  set(next: Pointed | undefined): void {
    pointed = next
    for (const listener of listeners) listener()
  },
  /** Clears it if it is this chart's. */
  leave(owner: string): void {
    if (pointed?.owner === owner) crosshair.set(undefined)
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

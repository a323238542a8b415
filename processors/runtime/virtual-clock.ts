import type { Clock } from '@weir/core'

/** Time that only the test moves. */
export class VirtualClock implements Clock {
  #nowMs: number

  /** @param nowMs ms since the epoch */
  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  advance(byMs: number): void {
    this.#nowMs += byMs
  }
}

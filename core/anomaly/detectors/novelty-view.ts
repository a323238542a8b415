import type { ByteLayout } from './byte-layout.ts'
import { LagMeans } from './lag-means.ts'
import { compress } from './running-scale.ts'
import { StateMemory } from './state-memory.ts'

export interface NoveltyViewOptions {
  /** Numbers of preceding values whose means belong to a state, ascending. */
  readonly spans: readonly number[]
  /** How strongly large values are compressed, see `compress`. */
  readonly compression: number
  /** Weight of the newest value against each mean. */
  readonly valueWeight: number
  /** States remembered. */
  readonly capacity: number
  /** Makes the memory keep other states than a view with another number. */
  readonly salt: number
}

/**
 * How new the present state of a series is: the newest value and the means of those before it over several spans,
 * against all states that the series was in before (nearest neighbour, L1).
 */
export class NoveltyView {
  readonly #options: NoveltyViewOptions
  readonly #means: LagMeans
  readonly #memory: StateMemory

  constructor(layout: ByteLayout, options: NoveltyViewOptions) {
    this.#options = options
    this.#means = new LagMeans(layout, options.spans)
    this.#memory = new StateMemory(layout, {
      dimensions: options.spans.length + 1,
      capacity: options.capacity,
      salt: options.salt,
    })
  }

  /** @param scaled the value in mean absolute deviations from the mean, finite */
  judgeAndRemember(scaled: number): number {
    const { spans, compression, valueWeight } = this.#options
    const value = compress(scaled, compression)
    const memory = this.#memory
    memory.set(0, value * valueWeight)
    for (let i = 0; i < spans.length; i++) memory.set(spans.length - i, this.#means.mean(i))
    this.#means.push(value)
    return memory.judgeAndRemember()
  }
}

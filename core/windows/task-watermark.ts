import type { SourceMark } from './source-watermark.ts'

/**
 * Watermark of a task that reads from several source partitions: the least over those that are not idle, or over all of
 * them when all are idle. Unknown (-Infinity) until every source was heard of; it never goes back.
 */
export class TaskWatermark {
  readonly #sources = new Map<number, SourceMark>()
  #expected = 0
  #valueMs = Number.NEGATIVE_INFINITY

  /** Windows that end at or before this are complete up to the allowed out-of-orderness. ms since the epoch */
  get valueMs(): number {
    return this.#valueMs
  }

  /**
   * @param source     number of the source partition
   * @param sources    how many source partitions there are
   */
  observe(source: number, sources: number, mark: SourceMark): void {
    this.#expected = Math.max(this.#expected, sources)
    this.#sources.set(source, mark)
    if (this.#sources.size < this.#expected) return
    const leastMs = this.#leastMs()
    if (leastMs > this.#valueMs && leastMs > 0) this.#valueMs = leastMs
  }

  #leastMs(): number {
    let active = Number.POSITIVE_INFINITY
    let idle = Number.POSITIVE_INFINITY
    for (const mark of this.#sources.values()) {
      if (mark.idle) idle = Math.min(idle, mark.watermarkMs)
      else active = Math.min(active, mark.watermarkMs)
    }
    return active < Number.POSITIVE_INFINITY ? active : idle
  }
}

/**
 * Back-to-back windows `[start, start + sizeMs)`, aligned to the epoch, and the grace for which one stays open after its
 * end. A record after the grace still counts: it corrects a closed window.
 *
 * With sizeMs 60_000 and graceMs 5_000, the event time 119_999 falls in [60_000, 120_000), 120_000 in the next, and
 * [60_000, 120_000) closes as soon as the watermark reaches 125_000.
 */
export class TumblingWindows {
  readonly sizeMs: number
  readonly graceMs: number

  private constructor(sizeMs: number, graceMs: number) {
    if (!(Number.isSafeInteger(sizeMs) && sizeMs > 0)) {
      throw new RangeError(`the size of a window must be a whole number of ms above 0; it is ${sizeMs}`)
    }
    if (!(Number.isSafeInteger(graceMs) && graceMs >= 0)) {
      throw new RangeError(`the grace of a window must be a whole number of ms, 0 or more; it is ${graceMs}`)
    }
    this.sizeMs = sizeMs
    this.graceMs = graceMs
  }

  /**
   * @param sizeMs  ms, > 0
   * @param graceMs ms, ≥ 0
   * @throws {RangeError} if either is not such an integer
   */
  static ofSizeAndGrace(sizeMs: number, graceMs: number): TumblingWindows {
    return new TumblingWindows(sizeMs, graceMs)
  }

  /** Windows that close as soon as the watermark reaches their end: every record out of order is a correction. */
  static ofSizeWithNoGrace(sizeMs: number): TumblingWindows {
    return new TumblingWindows(sizeMs, 0)
  }

  /** Start of the window that holds the event time, ms since the epoch. */
  startOf(eventTimeMs: number): number {
    return Math.floor(eventTimeMs / this.sizeMs) * this.sizeMs
  }

  /** The watermark at which the window that starts at `startMs` closes: its end and the grace. ms since the epoch */
  closesAtMs(startMs: number): number {
    return startMs + this.sizeMs + this.graceMs
  }

  isClosed(startMs: number, watermarkMs: number): boolean {
    return watermarkMs >= this.closesAtMs(startMs)
  }
}

/** The only source of wall-clock time for code that decides: tests move it by hand. */
export interface Clock {
  /** ms since the epoch */
  now(): number
}

/** Windows of a series that lie next to each other in a file. */
export const BLOCK_WINDOWS = 16
const SERIES_SPAN = 2 ** 32

/**
 * A point's row number in the file of its period: block of sixteen windows, then series, then window. Writing the newest
 * window of every series touches rows that lie close together; reading a series over time reads runs of sixteen. At most
 * 2^46 for the periods of {@link FILE_LAYOUTS}.
 *
 * @param window windows since the start of the file's period
 * @param seriesNo 0..2^32 - 1
 */
export function pointKey(window: number, seriesNo: number): number {
  return (Math.floor(window / BLOCK_WINDOWS) * SERIES_SPAN + seriesNo) * BLOCK_WINDOWS + (window % BLOCK_WINDOWS)
}

export function windowOf(key: number): number {
  return Math.floor(key / (SERIES_SPAN * BLOCK_WINDOWS)) * BLOCK_WINDOWS + (key % BLOCK_WINDOWS)
}

export function seriesNoOf(key: number): number {
  return Math.floor(key / BLOCK_WINDOWS) % SERIES_SPAN
}

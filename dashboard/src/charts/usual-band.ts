export interface Band {
  readonly low: (number | null)[]
  readonly high: (number | null)[]
}

/** Windows of history that a band needs before it says anything, and those it looks at. */
const MIN_HISTORY = 8
const MAX_HISTORY = 60
/** Standard deviations that count as usual; 1.4826 · MAD estimates one (Rousseeuw and Croux, 1993). */
const DEVIATIONS = 3
const MAD_TO_SIGMA = 1.4826
/** Of the values outside of the band one in so many joins the history: an incident becomes usual slowly. */
const OUTLIERS_PER_ENTRY = 6
/** A series that hardly moves would have a band too thin to see or to be meant: at least ± 8 %. */
const MIN_HALF_WIDTH = Math.log(1.08)

/**
 * What is usual for each window, from the windows before it: the median of up to 60 logarithms ± 3 robust standard
 * deviations. Latencies are log-normal in shape; a median is not moved by a few outliers, and a lasting incident joins
 * the history only by one value in six. Null where there is too little history.
 *
 * @param values > 0; gaps and anything else are left out
 */
export function usualBand(values: readonly (number | null)[]): Band {
  const low: (number | null)[] = []
  const high: (number | null)[] = []
  const history: number[] = []
  let outliers = 0
  for (const value of values) {
    if (history.length < MIN_HISTORY) {
      low.push(null)
      high.push(null)
    } else {
      const middle = median(history)
      const spread = median(history.map((item) => Math.abs(item - middle)))
      const half = Math.max(DEVIATIONS * MAD_TO_SIGMA * spread, MIN_HALF_WIDTH)
      low.push(Math.exp(middle - half))
      high.push(Math.exp(middle + half))
    }
    if (value === null || !(value > 0)) continue
    const lowest = low.at(-1) ?? 0
    const highest = high.at(-1) ?? Number.POSITIVE_INFINITY
    if (value < lowest || value > highest) {
      outliers++
      if (outliers % OUTLIERS_PER_ENTRY !== 0) continue
    }
    history.push(Math.log(value))
    if (history.length > MAX_HISTORY) history.shift()
  }
  return { low, high }
}

/** Of a non-empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

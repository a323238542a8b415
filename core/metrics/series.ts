/** Label names and values of a series; values are text. */
export type Labels = Readonly<Record<string, string>>

export interface Series {
  readonly metric: string
  readonly labels: Labels
}

/**
 * Canonical text of a series, equal for equal series whatever the order of their labels: `metric{a="1",b="x"}` with
 * names sorted and values escaped as in JSON. It is the key in `metric-deltas`.
 */
export function seriesId(series: Series): string {
  const names = Object.keys(series.labels).sort()
  return `${series.metric}{${names.map((name) => `${name}=${JSON.stringify(series.labels[name])}`).join(',')}}`
}

/** Label value that stands for all those past a metric's budget of series. */
export const OTHER = '__other__'

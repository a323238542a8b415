import { RESOLUTIONS_MS, type ResolutionMs } from '@weir/core'

const DAY_MS = 86_400_000

export interface FileLayout {
  /** In the names of files. */
  readonly name: string
  /** Time that a file covers, ms. */
  readonly periodMs: number
  /** Age at which a file is dropped, ms; Infinity: never. */
  readonly retentionMs: number
}

/** How the windows of each resolution are filed, and how long they are kept unless configured otherwise. */
export const FILE_LAYOUTS: Readonly<Record<ResolutionMs, FileLayout>> = {
  10000: { name: '10s', periodMs: DAY_MS, retentionMs: 3 * DAY_MS },
  60000: { name: '1min', periodMs: 7 * DAY_MS, retentionMs: 30 * DAY_MS },
  300000: { name: '5min', periodMs: 30 * DAY_MS, retentionMs: 180 * DAY_MS },
  3600000: { name: '1h', periodMs: 365 * DAY_MS, retentionMs: Infinity },
}

export function isResolution(resolutionMs: number): resolutionMs is ResolutionMs {
  return RESOLUTIONS_MS.some((each) => each === resolutionMs)
}

/** The time range of the whole page: the last so many ms up to now, or `[fromMs, toMs)`. ms since the epoch */
export type Range = { readonly lastMs: number } | { readonly fromMs: number; readonly toMs: number }

export const PRESETS = [
  { name: '15m', label: 'Last 15 min', short: '15 min', lastMs: 900_000 },
  { name: '1h', label: 'Last 1 hour', short: '1 h', lastMs: 3_600_000 },
  { name: '6h', label: 'Last 6 hours', short: '6 h', lastMs: 21_600_000 },
  { name: '24h', label: 'Last 24 hours', short: '24 h', lastMs: 86_400_000 },
  { name: '7d', label: 'Last 7 days', short: '7 d', lastMs: 604_800_000 },
] as const

export const DEFAULT_RANGE: Range = { lastMs: 3_600_000 }

/** Shorter than one finest window nothing can be read. ms */
const MIN_SPAN_MS = 10_000
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** What stands in the URL: `range=6h`, or `from` and `to` in ms since the epoch. */
export interface RangeParams {
  readonly range?: string
  readonly from?: number
  readonly to?: number
}

/** Reads the URL; anything unusable is the default, since a broken link should still open a page. */
export function rangeOf(params: RangeParams): Range {
  if (params.from !== undefined && params.to !== undefined && params.to - params.from >= MIN_SPAN_MS) {
    return { fromMs: params.from, toMs: params.to }
  }
  const match = /^(\d{1,5})([smhd])$/.exec(params.range ?? '')
  if (!match) return DEFAULT_RANGE
  const lastMs = Number(match[1]) * (UNITS_MS[match[2] as string] as number)
  return lastMs >= MIN_SPAN_MS && lastMs <= 3_650 * 86_400_000 ? { lastMs } : DEFAULT_RANGE
}

/** Inverse of {@link rangeOf}. A range that was chosen is written out: a link means the same whatever the default. */
export function paramsOf(range: Range): RangeParams {
  if (!('lastMs' in range)) return { from: Math.round(range.fromMs), to: Math.round(range.toMs) }
  const unit = ['d', 'h', 'm', 's'].find((name) => range.lastMs % (UNITS_MS[name] as number) === 0) as string
  const preset = PRESETS.find((candidate) => candidate.lastMs === range.lastMs)
  return { range: preset?.name ?? `${range.lastMs / (UNITS_MS[unit] as number)}${unit}` }
}

export function spanOf(range: Range): number {
  return 'lastMs' in range ? range.lastMs : range.toMs - range.fromMs
}

/** Both ends; a relative range ends now. */
export function boundsOf(range: Range, nowMs: number): { fromMs: number; toMs: number } {
  return 'lastMs' in range ? { fromMs: nowMs - range.lastMs, toMs: nowMs } : { ...range }
}

/** The range of the same length before (−1) or after (+1); after ends at now at the latest. */
export function shifted(range: Range, direction: -1 | 1, nowMs: number): Range {
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const span = toMs - fromMs
  if (direction === -1) return { fromMs: fromMs - span, toMs: fromMs }
  return toMs + span >= nowMs ? { fromMs: nowMs - span, toMs: nowMs } : { fromMs: toMs, toMs: toMs + span }
}

/** A dragged stretch as a range, in either direction, at least one finest window long. */
export function zoomed(aMs: number, bMs: number): Range {
  const fromMs = Math.floor(Math.min(aMs, bMs))
  return { fromMs, toMs: Math.max(Math.ceil(Math.max(aMs, bMs)), fromMs + MIN_SPAN_MS) }
}

/** Around a moment: an anomaly is looked at with what came before and after. */
export function around(timeMs: number, marginMs: number): Range {
  return { fromMs: timeMs - marginMs, toMs: timeMs + marginMs }
}

export function labelOf(range: Range): string {
  if (!('lastMs' in range)) return 'Custom'
  return PRESETS.find((preset) => preset.lastMs === range.lastMs)?.label ?? `Last ${paramsOf(range).range}`
}

export function shortLabelOf(range: Range): string {
  if (!('lastMs' in range)) return 'Custom'
  return PRESETS.find((preset) => preset.lastMs === range.lastMs)?.short ?? (paramsOf(range).range as string)
}

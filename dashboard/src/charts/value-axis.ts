export interface ValueAxis {
  /** On the scale drawn: logarithms to base 10 if `log`. */
  readonly min: number
  readonly max: number
  /** In values, ascending, at most five. */
  readonly ticks: readonly number[]
  readonly log: boolean
}

/** On a plot of the usual height; a low one has room for three. */
export const MAX_TICKS = 5
const STEPS = [1, 2, 4, 5, 10]

/** From zero to a round number at or above `maxValue`, in steps of 1, 2, 4 or 5 times a power of ten. @param maxTicks ≥ 2 */
export function linearAxis(maxValue: number, maxTicks = MAX_TICKS): ValueAxis {
  const top = maxValue > 0 && Number.isFinite(maxValue) ? maxValue : 1
  const power = 10 ** Math.floor(Math.log10(top / (maxTicks - 1)))
  const factor = STEPS.find((step) => step * power * (maxTicks - 1) >= top * (1 - 1e-9)) as number
  const step = factor * power
  const count = Math.max(Math.ceil(top / step - 1e-9), 1)
  const ticks = Array.from({ length: count + 1 }, (_, index) => round(index * step))
  return { min: 0, max: ticks[count] as number, ticks, log: false }
}

/** Removes the noise of binary fractions: 0.30000000000000004 → 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}

/** Ticks at 1 and 3 times powers of ten, thinned to powers of ten or fewer when there are too many. */
export function logAxis(minValue: number, maxValue: number): ValueAxis {
  const low = minValue > 0 && Number.isFinite(minValue) ? minValue : 1
  const high = maxValue >= low && Number.isFinite(maxValue) ? maxValue : low * 10
  const candidates: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    candidates.push(round(10 ** power), round(3 * 10 ** power))
  }
  const first = candidates.findLastIndex((tick) => tick <= low * 1.001)
  const last = candidates.findIndex((tick) => tick >= high * 0.999)
  const inside = candidates.slice(Math.max(first, 0), last === -1 ? candidates.length : last + 1)
  const bounds = inside.length > 1 ? inside : [inside[0] as number, round((inside[0] as number) * 10)]
  let ticks: readonly number[] = bounds
  for (let every = 2; ticks.length > MAX_TICKS; every++) {
    ticks = bounds.filter((_, index) => index % every === 0)
  }
  return { min: Math.log10(bounds[0] as number), max: Math.log10(bounds.at(-1) as number), ticks, log: true }
}

/** Where a value lies on the axis, 0 at its start and 1 at its end. */
export function axisPosition(axis: ValueAxis, value: number): number {
  const scaled = axis.log ? Math.log10(Math.max(value, 1e-12)) : value
  return (scaled - axis.min) / (axis.max - axis.min)
}

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  sec: 1e3,
  m: 60e3,
  min: 60e3,
  h: 3600e3,
}
const WITH_UNIT = /^(\d+(?:\.\d+)?)\s*([a-zµμ]+)$/

/**
 * A length of time in ms: a number (or digits) in the unit of its field, or text that names its own unit (`12ms`, `1.5 s`,
 * `250µs`).
 *
 * @param msPerUnit ms per unit of the field's plain numbers
 * @returns undefined for anything else, and below zero
 */
export function parseDurationMs(value: unknown, msPerUnit: number): number | undefined {
  if (typeof value === 'number') return scaled(value, msPerUnit)
  if (typeof value !== 'string' || value.length === 0 || value.length > 32) return undefined
  const number = Number(value)
  if (!Number.isNaN(number)) return scaled(number, msPerUnit)
  const match = WITH_UNIT.exec(value.trim().toLowerCase())
  const unit = match === null ? undefined : MS_PER_UNIT[match[2]!]
  return unit === undefined ? undefined : scaled(Number(match![1]), unit)
}

function scaled(value: number, msPerUnit: number): number | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined
  if (msPerUnit === 1) return value
  // 0.123 s is 123 ms, not 123.00000000000001: a nanosecond is the finest unit that any field has.
  return Math.round(value * msPerUnit * 1e6) / 1e6
}

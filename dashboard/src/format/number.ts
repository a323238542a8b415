/** A number for people, apart from its unit, so that the unit can be drawn smaller. */
export interface Quantity {
  readonly value: string
  /** '' where it has none. */
  readonly unit: string
}

const SPACE = '\u00a0'

/** Three significant digits below 100, whole numbers above: 0.22, 3.8, 38.6, 692. */
function shortDigits(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 99.95) return String(Math.round(value))
  if (size >= 9.995) return trimZero(value.toFixed(1))
  return size >= 0.005 ? trimZero(value.toFixed(2)) : value.toPrecision(1)
}

function trimZero(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

const SCALES = [
  { least: 999.5e9, divisor: 1e12, sign: 'T' },
  { least: 999.5e6, divisor: 1e9, sign: 'G' },
  { least: 999.5e3, divisor: 1e6, sign: 'M' },
  { least: 9_999.5, divisor: 1e3, sign: 'k' },
]

/** 0.22, 38.6, 692, 4,812, 12.4k, 2.36M. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  const scale = SCALES.find((candidate) => size >= candidate.least)
  if (scale) return `${shortDigits(value / scale.divisor)}${scale.sign}`
  if (size >= 999.5) return formatInteger(value)
  return shortDigits(value)
}

/** With thousands set apart: 4,812. */
export function formatInteger(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A length of time: 0.4 ms, 74 ms, 1.82 s, 11 min, 3.5 h, 2 d. @param ms ≥ 0 */
export function durationQuantity(ms: number): Quantity {
  const size = Math.abs(ms)
  if (size < 999.5) return { value: shortDigits(ms), unit: 'ms' }
  if (size < 99_950) return { value: shortDigits(ms / 1000), unit: 's' }
  if (size < 3_570_000) return { value: String(Math.round(ms / 60_000)), unit: 'min' }
  if (size < 172_800_000) return { value: trimZero((ms / 3_600_000).toFixed(1)), unit: 'h' }
  return { value: trimZero((ms / 86_400_000).toFixed(1)), unit: 'd' }
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Powers of 1000: 3.1 kB. */
export function bytesQuantity(bytes: number): Quantity {
  let value = bytes
  let index = 0
  while (Math.abs(value) >= 999.5 && index < BYTE_UNITS.length - 1) {
    value /= 1000
    index++
  }
  return { value: shortDigits(value), unit: BYTE_UNITS[index] as string }
}

/** @param unit of the metric catalog: `ms`, `By`, `%`, `/s` or `1` (none) */
export function quantity(value: number, unit: string): Quantity {
  if (unit === 'ms') return durationQuantity(value)
  if (unit === 'By') return bytesQuantity(value)
  if (unit === '%') return { value: trimZero(value.toFixed(1)), unit }
  if (unit === '1') return { value: formatNumber(value), unit: '' }
  return { value: formatNumber(value), unit }
}

/** 182 ms, 2.6 %, 692/s: a no-break space before the unit, none before `/s`. */
export function formatQuantity(value: number, unit: string): string {
  const parts = quantity(value, unit)
  if (parts.unit === '') return parts.value
  return parts.unit === '/s' ? `${parts.value}/s` : `${parts.value}${SPACE}${parts.unit}`
}

/** Change against a base in whole per cent, with its sign: +8 %, −40 %; undefined without a base. */
export function formatChange(value: number, base: number): string | undefined {
  if (!(base > 0)) return undefined
  const percent = Math.round((value / base - 1) * 100)
  if (percent === 0) return `±0${SPACE}%`
  const sign = percent > 0 ? '+' : '−'
  return `${sign}${formatInteger(Math.abs(percent))}${SPACE}%`
}

/** How often a value has its usual size: 12×, 1.4×. */
export function formatTimes(value: number, usual: number): string {
  const times = value / usual
  return `${times >= 9.95 ? formatInteger(times) : trimZero(times.toFixed(1))}×`
}

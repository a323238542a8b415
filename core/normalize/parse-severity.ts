/**
 * Names of levels by OpenTelemetry severity number, after its log data model's appendix B ("Severity fields mapping"):
 * syslog, log4j, java.util.logging, Python, .NET, winston, pino and zap.
 */
const NAMES: Readonly<Record<number, readonly string[]>> = {
  1: ['trace', 'trc', 't', 'finest', 'silly', 'all', 'verbose', 'verb', 'v', 'vrb', 'finer'],
  5: ['debug', 'dbg', 'd', 'fine', 'debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'config'],
  8: ['http'],
  9: ['info', 'inf', 'i', 'information', 'informational', 'log', 'success', 'ok', 'normal', 'default'],
  10: ['notice', 'note', 'n'],
  13: ['warn', 'warning', 'wrn', 'w'],
  17: ['error', 'err', 'e', 'eror', 'severe', 'failure', 'fail'],
  18: ['crit', 'dpanic'],
  19: ['alert'],
  21: ['fatal', 'ftl', 'f', 'critical', 'emerg', 'emergency', 'panic', 'pnc', 'c'],
}
const SYSLOG = [21, 19, 18, 17, 13, 10, 9, 5]
const BY_NAME = new Map<string, number>()
for (const [number, names] of Object.entries(NAMES)) {
  for (const name of names) {
    for (const spelling of [name, name.toUpperCase(), name[0]!.toUpperCase() + name.slice(1)]) {
      BY_NAME.set(spelling, Number(number))
    }
  }
}

/**
 * Severity number (1..24) of a level as loggers write it: a name in any case, or a number. 0..7 are syslog's severities,
 * 8..24 OpenTelemetry's, 25 and more pino's and bunyan's tens (10 is pino's trace all the same, and 20 its debug).
 *
 * @returns 0 (unknown) for anything else
 */
export function parseSeverity(level: unknown): number {
  if (typeof level === 'number') return severityOfNumber(level)
  if (typeof level !== 'string' || level.length > 32) return 0
  const known = BY_NAME.get(level)
  if (known !== undefined) return known
  const text = level.trim().toLowerCase()
  const digits = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(digits) ? (BY_NAME.get(text) ?? 0) : severityOfNumber(digits)
}

function severityOfNumber(level: number): number {
  if (!Number.isInteger(level) || level < 0 || level > 70) return 0
  if (level <= 7) return SYSLOG[level]!
  if (level === 10) return 1
  if (level === 20) return 5
  if (level <= 24) return level
  return Math.min(21, Math.floor(level / 10) * 4 - 3)
}

/** An OpenTelemetry `severity_number`: 1..24 as number or digits, else 0. */
export function parseSeverityNumber(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 24 ? number : 0
}

/** Severity of a request by its status code where its line has none of its own: 5xx error, 4xx warn, else info. */
export function severityOfStatus(statusCode: number): number {
  if (statusCode >= 500) return 17
  return statusCode >= 400 ? 13 : 9
}

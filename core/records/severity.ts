export const SEVERITIES = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The name of an OpenTelemetry severity number: 17..20 is `error`; 0 and anything outside 1..24 is `unknown`. */
export function severityName(severityNumber: number): Severity {
  if (!(severityNumber >= 1 && severityNumber <= 24)) return 'unknown'
  return SEVERITIES[Math.floor((severityNumber + 3) / 4)] ?? 'unknown'
}

/** The lowest severity number of a name: `error` → 17, `unknown` → 0. */
export function severityFloor(severity: Severity): number {
  const index = SEVERITIES.indexOf(severity)
  return index <= 0 ? 0 : index * 4 - 3
}

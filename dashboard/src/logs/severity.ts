import type { SeverityTone } from '../theme/tokens.ts'

/** The tone that a severity is drawn in; those below info share one. */
export function toneOf(severity: string): SeverityTone {
  return severity === 'fatal' || severity === 'error' || severity === 'warn' || severity === 'info' ? severity : 'debug'
}

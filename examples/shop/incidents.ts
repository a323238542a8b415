export const INCIDENT_KINDS = ['none', 'latency', 'errors', 'silence'] as const
export type IncidentKind = (typeof INCIDENT_KINDS)[number]

export interface Incident {
  readonly kind: IncidentKind
  /** When it ends by itself, ms since the epoch; absent for `none`. */
  readonly endsAtMs?: number
}

export interface IncidentRequest {
  readonly kind: IncidentKind
  readonly durationMs: number
}

export const MIN_INCIDENT_MS = 1_000
export const MAX_INCIDENT_MS = 3_600_000
export const DEFAULT_INCIDENT_MS = 120_000

/** The trouble the shop is in just now. One at a time: a new incident replaces the one before. */
export class Incidents {
  readonly #nowMs: () => number
  #incident: Incident = { kind: 'none' }

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
  }

  /** Starts an incident over `[now, now + durationMs)`; `none` ends the one under way. */
  set({ kind, durationMs }: IncidentRequest): Incident {
    this.#incident = kind === 'none' ? { kind } : { kind, endsAtMs: this.#nowMs() + durationMs }
    return this.#incident
  }

  current(): Incident {
    const { endsAtMs } = this.#incident
    if (endsAtMs !== undefined && this.#nowMs() >= endsAtMs) this.#incident = { kind: 'none' }
    return this.#incident
  }
}

/**
 * Reads the body of `POST /admin/incident`.
 *
 * @returns the request, or a sentence that says what is wrong and what is allowed
 */
export function parseIncidentRequest(body: unknown): IncidentRequest | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return 'Send a JSON object such as {"kind":"latency","durationMs":120000}.'
  }
  const { kind, durationMs = DEFAULT_INCIDENT_MS, ...unknown } = body as Record<string, unknown>
  const known = INCIDENT_KINDS.find((name) => name === kind)
  if (known === undefined) {
    return `kind must be one of ${INCIDENT_KINDS.join(', ')}; it is ${describe(kind)}.`
  }
  if (!isDuration(durationMs)) {
    return (
      `durationMs must be a whole number of milliseconds from ${MIN_INCIDENT_MS} to ${MAX_INCIDENT_MS}; ` +
      `it is ${describe(durationMs)}.`
    )
  }
  const [surplus] = Object.keys(unknown)
  if (surplus !== undefined) return `${JSON.stringify(surplus)} is not known here; send kind and durationMs only.`
  return { kind: known, durationMs }
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= MIN_INCIDENT_MS && value <= MAX_INCIDENT_MS
}

function describe(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60)
}

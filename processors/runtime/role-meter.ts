import { Counter, Gauge, type Registry } from 'prom-client'

const EVENTS = 'weir_processor_events_total'
const LEVELS = 'weir_processor_level'

/** Counts what a role did, for its status and for Prometheus at the same time. */
export class RoleMeter {
  readonly #role: string
  readonly #counters: Record<string, number> = {}
  readonly #events: Counter
  readonly #levels: Gauge

  constructor(role: string, registry: Registry) {
    this.#role = role
    this.#events =
      (registry.getSingleMetric(EVENTS) as Counter | undefined) ??
      new Counter({
        name: EVENTS,
        help: 'Records, windows, commits and other events of a processor, by name.',
        labelNames: ['role', 'event'],
        registers: [registry],
      })
    this.#levels =
      (registry.getSingleMetric(LEVELS) as Gauge | undefined) ??
      new Gauge({
        name: LEVELS,
        help: 'What a processor measures of itself now, by name: lag, watermark, duration of the last commit.',
        labelNames: ['role', 'name'],
        registers: [registry],
      })
  }

  /** Totals since the start and present levels, by name. */
  snapshot(): Record<string, number> {
    return { ...this.#counters }
  }

  add(event: string, times = 1): void {
    if (times === 0) return
    this.#counters[event] = (this.#counters[event] ?? 0) + times
    this.#events.inc({ role: this.#role, event }, times)
  }

  set(name: string, value: number): void {
    this.#counters[name] = value
    this.#levels.set({ role: this.#role, name }, value)
  }
}

import { type AttributeValue, LogScanner, type MetricFields, PANE_MS } from '@weir/core'
import { type DeltaFold, foldValue, type SeriesCatalog } from './delta-fold.ts'
import { type GroupClass, type MeasuredValue, openRecordClass, type RecordClass } from './record-class.ts'

/**
 * Folds the bytes of log records without decoding them; gives the same deltas as {@link DeltaFold.add} with the decoded
 * record. Records with the same service, severity and label attributes are of one {@link RecordClass}, for which the
 * series and the values that do not differ are worked out once.
 */
export class ScannedFold {
  readonly #catalog: SeriesCatalog
  readonly #fold: DeltaFold
  readonly #scanner: LogScanner
  readonly #labels: readonly string[]
  readonly #measures: readonly string[]
  /** By the number of their combination. */
  #classes: (RecordClass | undefined)[] = []
  #generation = 0
  #paneStartMs = 0

  /** @throws {RangeError} if a definition reads an attribute that the scanner can not find */
  constructor(catalog: SeriesCatalog, fold: DeltaFold) {
    const definitions = catalog.groups.flatMap((group) => group.definitions)
    const labels = new Set(definitions.flatMap((each) => [...each.labelAttributes, ...each.valueAttributes]))
    const measures = new Set(definitions.flatMap(({ measure }) => (measure === undefined ? [] : [measure])))
    this.#catalog = catalog
    this.#fold = fold
    this.#labels = [...labels]
    this.#measures = [...measures].filter((name) => !labels.has(name))
    this.#scanner = new LogScanner({ labels: this.#labels, measures: this.#measures })
  }

  /** Event time of the record read last, ms since the epoch. */
  get timeMs(): number {
    return this.#scanner.timeMs
  }

  /** @returns whether the record `bytes[start, end)` can be added; if not, it must be decoded */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#scanner.scan(bytes, start, end)
  }

  /**
   * Adds the record that was read.
   *
   * @param eventTimeMs of the record, ms since the epoch, ≥ 0
   * @param nowMs       wall clock, for the budget of series
   */
  add(eventTimeMs: number, nowMs: number): void {
    const paneStartMs = this.#paneOf(eventTimeMs)
    const { fields, groups } = this.#classOf()
    for (let i = 0; i < groups.length; i++) {
      const of = groups[i]!
      this.#fold.invalidValues += of.invalidValues
      if (!this.#readMeasured(of, fields) && of.fixed.length === 0) continue
      const cell = of.cellOf(this.#fold, fields, paneStartMs, nowMs)
      if (eventTimeMs > cell.maxEventTimeMs) cell.maxEventTimeMs = eventTimeMs
      for (let j = 0; j < of.fixed.length; j++) {
        const { at, definition, value } = of.fixed[j]!
        foldValue(cell, definition, at, value)
      }
      for (let j = 0; j < of.measured.length; j++) {
        const { at, definition } = of.measured[j]!
        const value = of.values[j]!
        if (!Number.isNaN(value)) foldValue(cell, definition, at, value)
      }
    }
  }

  /** Most records are of the pane of the one before; the remainder of doubles is slow. */
  #paneOf(eventTimeMs: number): number {
    const intoPaneMs = eventTimeMs - this.#paneStartMs
    if (!(intoPaneMs >= 0 && intoPaneMs < PANE_MS)) this.#paneStartMs = eventTimeMs - (eventTimeMs % PANE_MS)
    return this.#paneStartMs
  }

  /**
   * Sets the class's `values` to the record's, NaN where it has none.
   *
   * @returns whether it has any
   */
  #readMeasured(of: GroupClass, fields: MetricFields): boolean {
    let any = false
    for (let i = 0; i < of.measured.length; i++) {
      const measured = of.measured[i]!
      let value = this.#scanner.numbers[measured.measure]!
      if (Number.isNaN(value)) value = this.#valueOfOther(measured, fields)
      else if (!measured.belongs) value = Number.NaN
      if (Math.abs(value) === Number.POSITIVE_INFINITY) {
        this.#fold.invalidValues++
        value = Number.NaN
      }
      of.values[i] = value
      any ||= !Number.isNaN(value)
    }
    return any
  }

  /** The value of a record whose measure is absent, or no number; NaN for none. Counts one that is none but should be. */
  #valueOfOther(measured: MeasuredValue, fields: MetricFields): number {
    const attribute = this.#scanner.measure(measured.measure)
    if (attribute === undefined && !measured.belongsIfAbsent) return Number.NaN
    const attributes = { ...fields.attributes, [this.#measures[measured.measure]!]: attribute }
    const value = measured.definition.valueOf({ ...fields, attributes: attributes as MetricFields['attributes'] })
    if (Number.isNaN(value)) this.#fold.invalidValues++
    return value ?? Number.NaN
  }

  #classOf(): RecordClass {
    const { generation, combination } = this.#scanner
    if (generation !== this.#generation) {
      this.#classes = []
      this.#generation = generation
    }
    const known = this.#classes[combination]
    if (known !== undefined) return known
    const { service, severityNumber } = this.#scanner
    const attributes: Record<string, AttributeValue> = {}
    for (const [i, name] of this.#labels.entries()) {
      const value = this.#scanner.label(i)
      if (value !== undefined) attributes[name] = value
    }
    const opened = openRecordClass(this.#catalog, { service, severityNumber, attributes }, this.#measures)
    this.#classes[combination] = opened
    return opened
  }
}

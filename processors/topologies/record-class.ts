import type { LabelSet, MetricDefinition, MetricFields } from '@weir/core'
import type { Cell, DeltaFold, LabelGroup, SeriesCatalog } from './delta-fold.ts'

/** What is the same for all log records with the same service, severity and label attributes. */
export interface RecordClass {
  /** Without the measures. */
  readonly fields: MetricFields
  /** For each group of the catalog. */
  readonly groups: readonly GroupClass[]
}

/** A definition whose value is the same for all records of a class. */
interface FixedValue {
  readonly definition: MetricDefinition
  /** Place of the definition in its group. */
  readonly at: number
  readonly value: number
}

/** A definition whose value is an attribute of each record. */
export interface MeasuredValue {
  readonly definition: MetricDefinition
  readonly at: number
  /** Index of the attribute in the measures. */
  readonly measure: number
  /** Whether records of the class belong to the definition if that attribute is a number. */
  readonly belongs: boolean
  /** Whether they do if it is absent. */
  readonly belongsIfAbsent: boolean
}

export function openRecordClass(
  catalog: SeriesCatalog,
  fields: MetricFields,
  measures: readonly string[],
): RecordClass {
  return { fields, groups: catalog.groups.map((group, index) => new GroupClass(group, index, fields, measures)) }
}

/** A class of records seen by the definitions that give them the same labels. */
export class GroupClass {
  readonly fixed: readonly FixedValue[]
  readonly measured: readonly MeasuredValue[]
  /** Of the present record, by the place in `measured`; NaN for none. */
  readonly values: Float64Array
  /** Definitions whose fixed value is not a finite number. */
  readonly invalidValues: number
  readonly #group: LabelGroup
  readonly #groupIndex: number
  /** Undefined until the first record that belongs, and where the labels are past the budget of series. */
  #labels: LabelSet | undefined
  /** Of the label index when the labels were looked up. */
  #generation = 0
  /** That of the pane seen last. */
  #cell: Cell | undefined
  /** Of the fold when the cell was looked up. */
  #drains = 0

  constructor(group: LabelGroup, groupIndex: number, fields: MetricFields, measures: readonly string[]) {
    const fixed: FixedValue[] = []
    const measured: MeasuredValue[] = []
    let invalidValues = 0
    for (const [at, definition] of group.definitions.entries()) {
      const measure = definition.measure === undefined ? -1 : measures.indexOf(definition.measure)
      const value = definition.valueOf(fields)
      if (measure >= 0) {
        const attributes = { ...fields.attributes, [measures[measure]!]: 1 }
        const belongs = definition.valueOf({ ...fields, attributes }) !== undefined
        measured.push({ definition, at, measure, belongs, belongsIfAbsent: value !== undefined })
      } else if (value !== undefined) {
        if (Number.isFinite(value)) fixed.push({ definition, at, value })
        else invalidValues++
      }
    }
    this.fixed = fixed
    this.measured = measured
    this.values = new Float64Array(measured.length)
    this.invalidValues = invalidValues
    this.#group = group
    this.#groupIndex = groupIndex
  }

  /**
   * The cell of the class's labels and the pane.
   *
   * @param nowMs wall clock, for the budget of series
   */
  cellOf(fold: DeltaFold, fields: MetricFields, paneStartMs: number, nowMs: number): Cell {
    const { index } = this.#group
    if (this.#labels === undefined || this.#generation !== index.generation) {
      const { overflows } = index
      const labels = index.lookup(this.#group.labelValues(fields), nowMs)
      // Labels past the budget are looked up each time: each is counted, and may get room later.
      this.#labels = undefined
      if (index.overflows !== overflows) return fold.cellOf(this.#groupIndex, labels, paneStartMs)
      this.#labels = labels
      this.#generation = index.generation
      this.#cell = undefined
    }
    this.#labels.lastSeenMs = nowMs
    if (this.#cell?.paneStartMs !== paneStartMs || this.#drains !== fold.drains) {
      this.#cell = fold.cellOf(this.#groupIndex, this.#labels, paneStartMs)
      this.#drains = fold.drains
    }
    return this.#cell
  }
}

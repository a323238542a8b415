import { randomBytes } from 'node:crypto'
import { type DocumentStore, WeirError } from '@weir/core'
import type { AnnotationSchema, NewAnnotation } from '../schemas/query.ts'

const KIND = 'annotation'
const PAGE = 500

/** Notes and deploy markers. Their ids begin with their time, so that a range of time is a range of ids. */
export class AnnotationBook {
  readonly #store: DocumentStore
  readonly #max: number
  readonly #changed: () => void

  /**
   * @param maxInRange most that {@link inRange} returns
   * @param changed    called after each write
   */
  constructor(store: DocumentStore, maxInRange: number, changed: () => void) {
    this.#store = store
    this.#max = maxInRange
    this.#changed = changed
  }

  /** @param nowMs time of an annotation that names none */
  async add(annotation: NewAnnotation, nowMs: number): Promise<AnnotationSchema> {
    const timeMs = annotation.timeMs ?? nowMs
    const body: AnnotationSchema = {
      ...annotation,
      timeMs,
      id: `${timePrefix(timeMs)}-${randomBytes(6).toString('hex')}`,
    }
    await this.#store.put(KIND, body.id, body, 0)
    this.#changed()
    return body
  }

  /**
   * Those of `[fromMs, toMs)`, oldest first.
   *
   * @throws WEIR_QUERY_TOO_COSTLY if there are more than the bound
   */
  async inRange(fromMs: number, toMs: number): Promise<AnnotationSchema[]> {
    const found: AnnotationSchema[] = []
    let after = timePrefix(fromMs)
    for (;;) {
      const page = await this.#store.list<AnnotationSchema>(KIND, { limit: PAGE, after })
      for (const { id, body } of page) {
        if (body.timeMs >= toMs) return found
        if (found.length === this.#max) {
          throw new WeirError(
            'WEIR_QUERY_TOO_COSTLY',
            `More than ${this.#max} annotations lie in the range; shorten the range.`,
          )
        }
        found.push(body)
        after = id
      }
      if (page.length < PAGE) return found
    }
  }

  /** @throws WEIR_NOT_FOUND */
  async remove(id: string): Promise<void> {
    const stored = await this.#store.get(KIND, id)
    if (!stored) throw new WeirError('WEIR_NOT_FOUND', `There is no annotation ${JSON.stringify(id)}.`)
    await this.#store.remove(KIND, id, stored.version)
    this.#changed()
  }
}

/** Sorts as text in the order of the times; 16 digits hold every time that a Date can. */
function timePrefix(timeMs: number): string {
  return String(timeMs).padStart(16, '0')
}

import { DEAD_LETTER_HEADERS, type ErrorCode, RecordBatchBuilder, type Topic } from '@weir/core'
import type { Emit, TaskContext } from './task.ts'

/** Bytes of a record kept in its dead letter. */
export const MAX_DEAD_LETTER_BYTES = 64 * 1024

/** Records of one partition that could not be used, until the next flush writes them to the dead-letter topic. */
export class DeadLetters {
  readonly #topic: Topic
  readonly #context: TaskContext
  readonly #inputTopic: Topic
  #builder = new RecordBatchBuilder()
  #first = ''

  constructor(inputTopic: Topic, topic: Topic, context: TaskContext) {
    this.#inputTopic = inputTopic
    this.#topic = topic
    this.#context = context
  }

  get sizeBytes(): number {
    return this.#builder.sizeBytes
  }

  add(offset: number, value: Uint8Array | null, code: ErrorCode, reason: string): void {
    const nowMs = this.#context.clock.now()
    const source = `${this.#inputTopic}-${this.#context.partition}-${offset}`
    if (this.#builder.count === 0) this.#first = `${source}: ${reason}`
    this.#builder.append(null, value === null ? null : value.subarray(0, MAX_DEAD_LETTER_BYTES), nowMs, {
      [DEAD_LETTER_HEADERS.source]: source,
      [DEAD_LETTER_HEADERS.code]: code,
      [DEAD_LETTER_HEADERS.reason]: reason,
      [DEAD_LETTER_HEADERS.timeMs]: String(nowMs),
    })
  }

  async flush(emit: Emit): Promise<void> {
    const { count } = this.#builder
    if (count === 0) return
    await emit(this.#topic, this.#context.partition % this.#context.partitionsOf(this.#topic), this.#builder.build())
    this.#context.meter.add('dead_lettered', count)
    this.#context.logger.warn({ records: count, first: this.#first }, `records went to ${this.#topic}`)
  }
}

import { type Producer, type RecordBatch, WeirError } from '@weir/core'
import { type EncodedBatch, encodeBatch } from './batch-codec.ts'

type Append = (topic: string, partition: number, batch: EncodedBatch) => Promise<number>

/** Encodes in the caller's thread; `append` takes it from there, in the order of the calls. */
export class BatchProducer implements Producer {
  readonly #append: Append
  readonly #inFlight = new Set<Promise<number>>()
  #closed = false

  constructor(append: Append) {
    this.#append = append
  }

  async send(topic: string, partition: number, batch: RecordBatch): Promise<number> {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'The producer was closed.')
    const sent = this.#append(topic, partition, encodeBatch(batch))
    this.#inFlight.add(sent)
    try {
      return await sent
    } finally {
      this.#inFlight.delete(sent)
    }
  }

  /** Waits for what was sent; whoever sent it learns of a failure. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#inFlight)
  }
}

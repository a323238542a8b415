/** Under which a broker recognises a producer's repeated batches, and a fenced one's late ones. */
export interface ProducerIdentity {
  /** A 64-bit number as text. */
  readonly producerId: string
  readonly producerEpoch: number
}

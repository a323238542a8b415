/** What an operator should learn of, and no caller is told by an error. */
export type BrokerEvent =
  /** A reader's position lay before the oldest record kept, so that it goes on from there. */
  | {
      readonly kind: 'position-moved'
      readonly groupId: string | null
      readonly topic: string
      readonly partition: number
      readonly from: number
      readonly to: number
    }
  /** A power cut took records that were acknowledged under durability `process`; their offsets stay empty. */
  | {
      readonly kind: 'records-lost'
      readonly topic: string
      readonly partition: number
      readonly from: number
      readonly to: number
    }
  /** Retention could not drop segments; it is tried again half a minute later. */
  | { readonly kind: 'retention-failed'; readonly reason: string }
  /** Retention dropped a segment file. */
  | { readonly kind: 'segment-dropped'; readonly topic: string; readonly segment: number; readonly bytes: number }

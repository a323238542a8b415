/** What an operator should learn of, and no caller is told by an error. */
export type KafkaEvent =
  /** A client reached the cluster, or lost it and keeps trying. */
  | { readonly kind: 'connected'; readonly client: string }
  | { readonly kind: 'disconnected'; readonly client: string; readonly reason: string }
  /** A client goes on trying something that has failed for a while; told again every ten seconds. */
  | { readonly kind: 'retrying'; readonly client: string; readonly doing: string; readonly reason: string }
  /** A reader's position lay before the oldest record kept, so that it goes on from there. */
  | {
      readonly kind: 'position-moved'
      readonly groupId: string | null
      readonly topic: string
      readonly partition: number
      readonly from: number
      readonly to: number
    }
  /** An existing topic is not as Weir would have made it; it is left as it is. */
  | {
      readonly kind: 'topic-differs'
      readonly topic: string
      readonly setting: string
      readonly wanted: string
      readonly found: string
    }

import type { ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import Decoder from 'kafkajs/src/protocol/decoder.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'

/** Name, key and version of a request as the Kafka protocol lists them. */
export interface Api {
  readonly apiName: string
  readonly apiKey: number
  readonly apiVersion: number
}

/** A request whose lengths are fixed, as those that kafkajs has. */
export function plainCall<Answer>(
  api: Api,
  encode: () => Encoder,
  decode: (decoder: Decoder) => Answer,
): ProtocolCall<Answer> {
  return {
    request: { ...api, encode: async () => encode() },
    // kafkajs looks for a throttle time in what `decode` gives, so that must be an object.
    response: {
      decode: async (bytes) => ({ answer: decode(new Decoder(bytes)) }),
      parse: async ({ answer }) => answer,
    },
    logResponseError: false,
  }
}

/**
 * A request of the newer form (KIP-482), for the versions that kafkajs lacks: lengths vary, and tagged fields may end the
 * header and each structure. kafkajs writes the older header, so its missing tag buffer starts the body.
 */
export function flexibleCall<Answer>(
  api: Api,
  encode: (encoder: Encoder) => Encoder,
  decode: (decoder: Decoder) => Answer,
): ProtocolCall<Answer> {
  return plainCall(
    api,
    () => encode(noTags(new Encoder())),
    (decoder) => {
      decoder.readTaggedFields()
      return decode(decoder)
    },
  )
}

export function noTags(encoder: Encoder): Encoder {
  return encoder.writeUVarInt(0)
}

/** Reads an array of structures, each with its tags behind it. */
export function structures<Item>(decoder: Decoder, read: (decoder: Decoder) => Item): Item[] {
  const items = decoder.readUVarIntArray((each) => {
    const item = read(each)
    each.readTaggedFields()
    return item
  })
  return items ?? []
}

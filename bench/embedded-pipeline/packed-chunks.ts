import { encode } from '@msgpack/msgpack'

const EVENT_TIME_BYTES = 10
const METHODS = ['GET', 'GET', 'GET', 'POST']
const ROUTES = ['/api/products', '/api/products/:id', '/api/cart', '/api/orders', '/api/stock/:sku']
const SERVICES = ['shop-api', 'checkout', 'payments', 'inventory', 'chat']
const STATUSES = [200, 200, 200, 200, 201, 304, 404, 500]

/** A PackedForward message whose event times can be set again before each sending, so that sending costs next to nothing. */
export class PackedChunk {
  readonly records: number
  /** Bytes of the records as JSON, on average. */
  readonly jsonBytes: number
  readonly #head: Uint8Array
  readonly #entries: Buffer
  readonly #timeOffsets: number[] = []

  /** @param seed of the records' content */
  constructor(records: number, seed: number) {
    this.records = records
    const parts: Uint8Array[] = []
    let offset = 0
    let jsonBytes = 0
    for (let i = 0; i < records; i++) {
      const record = sampleRecord(seed * records + i)
      jsonBytes += JSON.stringify(record).length
      const body = encode(record)
      // [EventTime, record]: array of 2, then fixext8 of type 0.
      const entry = Buffer.concat([Uint8Array.of(0x92, 0xd7, 0x00), new Uint8Array(8), body])
      this.#timeOffsets.push(offset + 1)
      parts.push(entry)
      offset += entry.length
    }
    this.#entries = Buffer.concat(parts)
    this.jsonBytes = jsonBytes / records
    const bin = Buffer.alloc(5)
    bin[0] = 0xc6
    bin.writeUInt32BE(this.#entries.length, 1)
    this.#head = Buffer.concat([Uint8Array.of(0x93), encode('bench'), bin])
  }

  /** The message's bytes with every event at `timeMs`; valid until the next call. */
  message(chunk: string, timeMs: number): Uint8Array[] {
    const seconds = Math.floor(timeMs / 1000)
    const nanos = (timeMs % 1000) * 1_000_000
    for (const at of this.#timeOffsets) {
      this.#entries.writeUInt32BE(seconds, at + EVENT_TIME_BYTES - 8)
      this.#entries.writeUInt32BE(nanos, at + EVENT_TIME_BYTES - 4)
    }
    return [this.#head, Buffer.from(this.#entries), encode({ chunk, size: this.records })]
  }
}

function sampleRecord(n: number) {
  const mixed = Math.imul(n + 1, 2654435761) >>> 0
  const method = METHODS[mixed % METHODS.length]!
  const route = ROUTES[(mixed >>> 3) % ROUTES.length]!
  const status = STATUSES[(mixed >>> 6) % STATUSES.length]!
  const durationMs = (mixed >>> 9) % 400
  return {
    'service.name': SERVICES[(mixed >>> 12) % SERVICES.length]!,
    severity: status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
    message: `${method} ${route} ${status} in ${durationMs} ms, customer c_${mixed % 50_000}`,
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    duration_ms: durationMs,
    trace_id: mixed.toString(16).padStart(32, '0'),
  }
}

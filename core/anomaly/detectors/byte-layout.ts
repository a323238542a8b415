/**
 * Hands out consecutive typed arrays over one buffer, so that all that a detector has learnt is a single run of bytes:
 * copied, stored or sent as it is. Each array starts at a multiple of 8 bytes.
 */
export class ByteLayout {
  readonly #buffer: ArrayBuffer
  #usedBytes = 0

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(length * 8), length)
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(length * 4), length)
  }

  uint16(length: number): Uint16Array {
    return new Uint16Array(this.#buffer, this.#take(length * 2), length)
  }

  int16(length: number): Int16Array {
    return new Int16Array(this.#buffer, this.#take(length * 2), length)
  }

  int8(length: number): Int8Array {
    return new Int8Array(this.#buffer, this.#take(length), length)
  }

  #take(bytes: number): number {
    const start = this.#usedBytes
    this.#usedBytes += Math.ceil(bytes / 8) * 8
    return start
  }
}

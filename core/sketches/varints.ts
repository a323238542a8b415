/** A growing (or given) run of unsigned LEB128 integers up to 2^53 - 1; signed ones are zigzag-encoded. */
export class Varints {
  #bytes: Uint8Array
  #at = 0

  /** @param bytes to read; absent: an empty run to write */
  constructor(bytes?: Uint8Array) {
    this.#bytes = bytes ?? new Uint8Array(64)
  }

  /** @param value an integer, 0..2^53 - 1 */
  write(value: number): void {
    if (this.#at + 8 > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#at++] = rest
  }

  writeSigned(value: number): void {
    this.write(value < 0 ? -value * 2 - 1 : value * 2)
  }

  /** @throws {RangeError} at the end of the bytes, or for an integer over 2^53 - 1 */
  read(): number {
    // Most are of one byte: gaps between bins, and small counts.
    const first = this.#bytes[this.#at]
    if (first !== undefined && first < 128) {
      this.#at++
      return first
    }
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('the bytes end inside an integer')
      value += (byte & 127) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('the integer is over 2^53 - 1')
      if (byte < 128) return value
      scale *= 128
    }
  }

  /** Whether all bytes were read. */
  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  readSigned(): number {
    const value = this.read()
    if (value <= 0x7fffffff) return (value >>> 1) ^ -(value & 1)
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }
}

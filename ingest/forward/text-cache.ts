const SLOTS = 4096
/** Longer texts (messages, trace ids) seldom come again. */
const MAX_BYTES = 28

/**
 * Texts that come again and again (field names, levels, service names), so that each is decoded once and the same string
 * is handed out after that. Holds at most 4,096 texts of at most 28 bytes; a newer one takes the place of an older.
 */
export class TextCache {
  readonly #texts: string[] = new Array(SLOTS).fill('')
  readonly #bytes = new Uint8Array(SLOTS * MAX_BYTES)

  /** The text of the ASCII bytes `[start, end)`, undefined if they are too many or not ASCII. */
  get(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start
    if (length > MAX_BYTES || length === 0) return length === 0 ? '' : undefined
    // Five bytes tell names apart well enough; what lies in the slot is compared whole.
    let hash = Math.imul(length, 31) + bytes[start]!
    hash = Math.imul(hash, 31) + bytes[start + (length >> 2)]!
    hash = Math.imul(hash, 31) + bytes[start + (length >> 1)]!
    hash = Math.imul(hash, 31) + bytes[end - 1]!
    hash = Math.imul(hash, 31) + bytes[length > 1 ? end - 2 : start]!
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
    const known = this.#texts[slot]!
    const base = slot * MAX_BYTES
    if (known.length === length && this.#matches(bytes, start, base, length)) return known
    for (let i = 0; i < length; i++) {
      if (bytes[start + i]! > 127) return undefined
    }
    const text = bytes.toString('latin1', start, end)
    for (let i = 0; i < length; i++) this.#bytes[base + i] = bytes[start + i]!
    this.#texts[slot] = text
    return text
  }

  #matches(bytes: Buffer, start: number, base: number, length: number): boolean {
    const cached = this.#bytes
    for (let i = 0; i < length; i++) {
      if (bytes[start + i] !== cached[base + i]) return false
    }
    return true
  }
}

import type { AttributeValue } from '../records/log-record.ts'

/** Attributes of one record; further ones are dropped and counted. */
export const MAX_ATTRIBUTES = 256
/** UTF-8 bytes of one attribute's text; the rest is cut off, with a mark. */
export const MAX_VALUE_BYTES = 32 * 1024
/** UTF-8 bytes of a body; the rest is cut off, with a mark. */
export const MAX_BODY_BYTES = 1024 * 1024
/** UTF-16 units of all texts of one record's attributes; further attributes are dropped and counted. */
export const MAX_ATTRIBUTES_CHARS = 512 * 1024
/** Longer keys are no names: such an attribute is dropped and counted. */
export const MAX_KEY_CHARS = 256
const MAX_ARRAY_ITEMS = 64

const decoder = new TextDecoder('utf-8')

/** Gathers a record's attributes within the bounds above, and tells what they made it leave out. */
export class AttributeSet {
  readonly values: Record<string, AttributeValue> = {}
  dropped = 0
  truncated = false
  invalidText = false
  #count = 0
  #chars = 0

  has(key: string): boolean {
    return Object.hasOwn(this.values, key)
  }

  /** @param value of any decoder: JSON's types, and MessagePack's bigint and bytes */
  set(key: string, value: unknown): void {
    if (this.#count >= MAX_ATTRIBUTES || key.length > MAX_KEY_CHARS || this.#chars > MAX_ATTRIBUTES_CHARS) {
      this.dropped++
      return
    }
    // Assigning it would change the object's prototype instead of adding a key.
    if (key === '__proto__') {
      this.dropped++
      return
    }
    this.#count++
    this.values[key] = typeof value === 'string' ? this.#text(value) : this.#value(value)
  }

  #value(value: unknown): AttributeValue {
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (typeof value === 'boolean' || value === null) return value
    if (value === undefined) return null
    if (typeof value === 'bigint') return value.toString()
    if (value instanceof Uint8Array) return this.#text(this.#decode(value))
    if (Array.isArray(value) && value.length <= MAX_ARRAY_ITEMS && value.every(isScalar)) {
      return value.map((item) => (typeof item === 'string' ? this.#text(item) : this.#value(item)))
    }
    return this.#text(jsonText(value))
  }

  #text(text: string): string {
    this.#chars += text.length
    const cut = truncateText(text, MAX_VALUE_BYTES)
    if (cut !== text) this.truncated = true
    return cut
  }

  #decode(bytes: Uint8Array): string {
    const text = decoder.decode(bytes)
    if (text.includes('\uFFFD')) this.invalidText = true
    return text
  }
}

/** What JSON can not say (a bigint, bytes) becomes text. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return part.toString()
    return part instanceof Uint8Array ? decoder.decode(part) : part
  })
  return text ?? 'null'
}

/** @returns the same string if it fits, else its first whole characters and a mark of how many bytes were cut off */
export function truncateText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  let bytes = 0
  let keptChars = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    let size = code < 0x80 ? 1 : code < 0x800 ? 2 : 3
    const isPair = code >= 0xd800 && code < 0xdc00 && i + 1 < text.length
    if (isPair) size = 4
    if (bytes + size <= maxBytes) keptChars = isPair ? i + 2 : i + 1
    bytes += size
    if (isPair) i++
  }
  return bytes <= maxBytes ? text : `${text.slice(0, keptChars)}… [${bytes} bytes in all]`
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Uint8Array
}

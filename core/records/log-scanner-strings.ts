const FIRST_BYTES = 4 * 1024

/** Strings of bytes numbered from 1 in the order of their coming, up to a bound; kept in one buffer. */
export class ByteStrings {
  #count = 0
  #used = 0
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  /** Open addressing, half empty: ids by the hash of their bytes. */
  readonly #slots: Int32Array

  /** @param maxCount most strings, a power of two */
  constructor(maxCount: number) {
    this.#starts = new Int32Array(maxCount + 1)
    this.#lengths = new Int32Array(maxCount + 1)
    this.#slots = new Int32Array(2 * maxCount)
  }

  /** The largest id given. */
  get count(): number {
    return this.#count
  }

  get sizeBytes(): number {
    return this.#used
  }

  clear(): void {
    this.#count = 0
    this.#used = 0
    this.#slots.fill(0)
  }

  /**
   * @returns the id of the bytes `[start, end)` of the view, 0 if they have none
   */
  find(view: DataView, start: number, end: number): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(view, start, end) & mask
    for (;;) {
      const id = this.#slots[slot]!
      if (id === 0) return 0
      if (this.#lengths[id] === end - start && this.equals(id, view, start)) return id
      slot = (slot + 1) & mask
    }
  }

  length(id: number): number {
    return this.#lengths[id]!
  }

  /** Whether the string of that id stands at `start`, where at least as many bytes must lie. */
  equals(id: number, view: DataView, start: number): boolean {
    const from = this.#starts[id]!
    const length = this.#lengths[id]!
    if (length < 4) {
      for (let i = 0; i < length; i++) if (view.getUint8(start + i) !== this.#bytes[from + i]) return false
      return true
    }
    const own = this.#view
    const last = length - 4
    for (let i = 0; i < last; i += 4) {
      if (view.getInt32(start + i, true) !== own.getInt32(from + i, true)) return false
    }
    return view.getInt32(start + last, true) === own.getInt32(from + last, true)
  }

  /** @returns the id of a string that has none yet; the count must be below the bound */
  add(view: DataView, start: number, end: number): number {
    const length = end - start
    if (this.#used + length > this.#bytes.length) this.#grow(this.#used + length)
    const id = ++this.#count
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, length), this.#used)
    this.#starts[id] = this.#used
    this.#lengths[id] = length
    this.#used += length
    const mask = this.#slots.length - 1
    let slot = hashOf(view, start, end) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = id
    return id
  }

  #grow(leastBytes: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, leastBytes))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Four bytes at a time; the last four may overlap those before. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start
  if (hash < 4) {
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
    return hash ^ (hash >>> 15)
  }
  for (let at = start; at < end - 4; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ view.getInt32(end - 4, true), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}

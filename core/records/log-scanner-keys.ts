import { afterSpace, afterText, UNSURE } from './log-scanner-json.ts'
import { ByteStrings } from './log-scanner-strings.ts'

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const MAX_KEYS = 1_024
const MAX_LEARNT_BYTES = 128
/** Stands for the start of an object, and for a key that is not in the book. */
const NONE = 0

/** Field number of a key that nobody wants. */
export const UNWANTED = -1

const encoder = new TextEncoder()

/**
 * The keys of one kind of object. Reading a key is mostly one comparison, because the book remembers which key followed
 * which the last time. It learns keys up to 1,024; others are looked up in vain each time.
 */
export class KeyBook {
  /** Number of the field whose key was last read, or UNWANTED. */
  field = UNWANTED
  #current = NONE
  readonly #keys = new ByteStrings(MAX_KEYS)
  readonly #fields = new Int32Array(MAX_KEYS + 1).fill(UNWANTED)
  /** Guesses of the next key, by the present one: the one that came last, and the one before it. */
  readonly #next = new Int32Array(MAX_KEYS + 1)
  readonly #nextBefore = new Int32Array(MAX_KEYS + 1)

  /**
   * @param names of fields 0, 1, …
   * @throws {RangeError} if there are more than 1,024
   */
  constructor(names: readonly string[]) {
    if (names.length > MAX_KEYS) throw new RangeError(`${names.length} fields are more than ${MAX_KEYS}`)
    for (const [field, name] of names.entries()) {
      const key = encoder.encode(JSON.stringify(name))
      this.#keys.add(new DataView(key.buffer), 0, key.length)
      this.#fields[this.#keys.count] = field
    }
  }

  /** Before the first key of an object. */
  begin(): void {
    this.#current = NONE
  }

  /**
   * Reads a key and its colon.
   *
   * @returns the place after the colon; UNSURE where there is no key, or one with an escape, which may spell any name
   */
  read(view: DataView, at: number, end: number): number {
    const before = this.#current
    let key = this.#next[before]!
    if (!this.#isAt(key, view, at, end)) {
      const other = this.#nextBefore[before]!
      if (!this.#isAt(other, view, at, end)) return this.#readUnguessed(view, at, end)
      this.#nextBefore[before] = key
      this.#next[before] = other
      key = other
    }
    this.#current = key
    this.field = this.#fields[key]!
    return at + this.#keys.length(key) + 1
  }

  #isAt(key: number, view: DataView, at: number, end: number): boolean {
    const colon = at + this.#keys.length(key)
    return key !== NONE && colon < end && view.getUint8(colon) === COLON && this.#keys.equals(key, view, at)
  }

  #readUnguessed(view: DataView, start: number, end: number): number {
    if (start >= end || view.getUint8(start) !== QUOTE) return UNSURE
    const keyEnd = afterText(view, start, end)
    if (keyEnd === UNSURE) return UNSURE
    for (let i = start + 1; i < keyEnd; i++) if (view.getUint8(i) === BACKSLASH) return UNSURE
    const colon = afterSpace(view, keyEnd, end)
    if (colon >= end || view.getUint8(colon) !== COLON) return UNSURE
    let key = this.#keys.find(view, start, keyEnd)
    if (key === NONE && this.#keys.count < MAX_KEYS && keyEnd - start <= MAX_LEARNT_BYTES) {
      key = this.#keys.add(view, start, keyEnd)
    }
    this.#nextBefore[this.#current] = this.#next[this.#current]!
    this.#next[this.#current] = key
    this.#current = key
    this.field = this.#fields[key]!
    return colon + 1
  }
}

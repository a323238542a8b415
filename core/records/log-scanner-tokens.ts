import type { AttributeValue } from './log-record.ts'
import { ByteStrings } from './log-scanner-strings.ts'

const MAX_TOKENS = 16_384
const MAX_TOTAL_BYTES = 2 * 1024 * 1024

/** Longer texts are not worth keeping. */
export const MAX_TOKEN_BYTES = 256

const QUOTE = 0x22
const COMMA = 0x2c
const CLOSE_BRACE = 0x7d
const GUESSES = 256

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Gives each different JSON scalar (its bytes, quotes and all) a small number, and decodes it once. At most 16,384 tokens
 * in 2 MiB are kept: {@link makeRoom} forgets all of them at once.
 */
export class TokenInterner {
  /** Values by id; that of 0 stands for an absent one. */
  readonly values: (AttributeValue | undefined)[] = [undefined]
  readonly #tokens = new ByteStrings(MAX_TOKENS)
  /** Ids by the first eight bytes from a token's start on. */
  readonly #guesses = new Int32Array(GUESSES)

  /**
   * Forgets everything if fewer than `tokens` more would fit.
   *
   * @returns whether it did: ids given before are void then
   */
  makeRoom(tokens: number): boolean {
    const { count, sizeBytes } = this.#tokens
    if (count + tokens <= MAX_TOKENS && sizeBytes + tokens * MAX_TOKEN_BYTES <= MAX_TOTAL_BYTES) return false
    this.#tokens.clear()
    this.#guesses.fill(0)
    this.values.length = 1
    return true
  }

  /**
   * A known token that stands at `at`, found without looking for its end first.
   *
   * @returns 0 where none is found this way
   */
  guess(view: DataView, at: number, end: number): number {
    if (at + 8 > end) return 0
    const id = this.#guesses[guessSlot(view, at)]!
    const after = at + this.#tokens.length(id)
    if (id === 0 || after >= end || !this.#tokens.equals(id, view, at)) return 0
    if (view.getUint8(after - 1) === QUOTE) return id
    // A number may go on.
    const next = view.getUint8(after)
    return next === COMMA || next === CLOSE_BRACE ? id : 0
  }

  /** Bytes of a token. */
  length(id: number): number {
    return this.#tokens.length(id)
  }

  /**
   * @param start of a valid JSON scalar of at most MAX_TOKEN_BYTES, for which there is room
   */
  intern(view: DataView, start: number, end: number): number {
    let id = this.#tokens.find(view, start, end)
    if (id === 0) id = this.#insert(view, start, end)
    if (start + 8 <= view.byteLength) this.#guesses[guessSlot(view, start)] = id
    return id
  }

  #insert(view: DataView, start: number, end: number): number {
    this.values.push(
      JSON.parse(decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start, end - start))) as AttributeValue,
    )
    return this.#tokens.add(view, start, end)
  }
}

function guessSlot(view: DataView, at: number): number {
  const hash = Math.imul(view.getInt32(at, true) ^ Math.imul(view.getInt32(at + 4, true), 0x85ebca6b), 0x9e3779b1)
  return hash >>> 24
}

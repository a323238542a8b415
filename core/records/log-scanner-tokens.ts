import type { AttributeValue } from './log-record.ts'
import { ByteStrings } from './log-scanner-strings.ts'

const MAX_TOKENS = 16_384
const MAX_TOTAL_BYTES = 2 * 1024 * 1024

/** Longer texts are not worth keeping. */
export const MAX_TOKEN_BYTES = 256

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Gives each different JSON scalar (its bytes, quotes and all) a small number, and decodes it once. At most 16,384 tokens
 * in 2 MiB are kept: {@link makeRoom} forgets all of them at once.
 */
export class TokenInterner {
  /** Values by id; that of 0 stands for an absent one. */
  readonly values: (AttributeValue | undefined)[] = [undefined]
  readonly #tokens = new ByteStrings(MAX_TOKENS)

  /**
   * Forgets everything if fewer than `tokens` more would fit.
   *
   * @returns whether it did: ids given before are void then
   */
  makeRoom(tokens: number): boolean {
    const { count, sizeBytes } = this.#tokens
    if (count + tokens <= MAX_TOKENS && sizeBytes + tokens * MAX_TOKEN_BYTES <= MAX_TOTAL_BYTES) return false
    this.#tokens.clear()
    this.values.length = 1
    return true
  }

  /**
   * @param view  over `bytes`, to read four at a time
   * @param start of a valid JSON scalar of at most MAX_TOKEN_BYTES, for which there is room
   */
  intern(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const known = this.#tokens.find(bytes, view, start, end)
    if (known !== 0) return known
    this.values.push(JSON.parse(decoder.decode(bytes.subarray(start, end))) as AttributeValue)
    return this.#tokens.add(bytes, view, start, end)
  }
}

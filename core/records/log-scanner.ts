import type { AttributeValue } from './log-record.ts'
import { afterNumber, afterScalar, afterSpace, afterText, afterValue, areDigits, UNSURE } from './log-scanner-json.ts'
import { KeyBook, UNWANTED } from './log-scanner-keys.ts'
import { ByteStrings } from './log-scanner-strings.ts'
import { MAX_TOKEN_BYTES, TokenInterner } from './log-scanner-tokens.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const UPPER_E = 0x45
const LOWER_E = 0x65
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Integers of so many digits, and their quotients by powers of ten, are exact doubles or round as JSON.parse does. */
const MAX_EXACT_DIGITS = 15
const POWERS_OF_TEN = Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/** Fields that a record must have, by their number: see `isLogRecord`. */
const FIELDS = ['timeMs', 'observedTimeMs', 'service', 'severityNumber', 'body', 'attributes'] as const
const TIME = 0
const OBSERVED_TIME = 1
const SERVICE = 2
const SEVERITY = 3
const BODY = 4
const ATTRIBUTES = 5
const ALL_FIELDS = (1 << FIELDS.length) - 1

/** Places in `#ids` of what every record has; those of the labels follow. */
const SERVICE_ID = 0
const SEVERITY_ID = 1
const FIRST_LABEL_ID = 2

/** In place of an id. */
const ABSENT = 0

const MAX_COMBINATIONS = 4_096

const decoder = new TextDecoder()

/** No name may be in both lists, or twice in one. */
export interface WantedAttributes {
  /** Of few different values. */
  readonly labels: readonly string[]
  /** Mostly numbers, of many different values. */
  readonly measures: readonly string[]
}

/**
 * Takes a few fields out of log records in Weir's own form without decoding the rest. It reads a record to its end and
 * accepts only what `decodeLogRecord` would accept with the same values; wherever it is not sure it declines, and the
 * caller decodes. Accepted are any order of keys, white space, unknown fields and escapes in values; declined are escapes
 * in keys, a wanted key that comes twice, a time that is not a plain integer, an array or object as a wanted value,
 * texts of wanted attributes over 256 bytes, and nesting beyond 16 levels.
 *
 * The fields stand in the scanner until the next scan.
 */
export class LogScanner {
  timeMs = 0
  /** Number ≥ 1 that stands for the record's service, severity number and labels together; at most 4,096. */
  combination = 0
  /** Ids of service, severity number and labels, 0 where there is none. */
  readonly #ids: Int32Array
  readonly #idView: DataView
  /** Values of the measures that are numbers; NaN for the others. */
  readonly numbers: Float64Array
  readonly #numberIds: Int32Array
  readonly #labels: number
  readonly #tokens = new TokenInterner()
  readonly #combinations = new ByteStrings(MAX_COMBINATIONS)
  #generation = 0
  readonly #fieldKeys = new KeyBook(FIELDS)
  readonly #attributeKeys: KeyBook
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)

  /** @throws {RangeError} if a name is one that an object has without being given it, or holds U+FFFD or half a pair */
  constructor({ labels, measures }: WantedAttributes) {
    const names = [...labels, ...measures]
    for (const name of names) mustBeFindable(name)
    this.#labels = labels.length
    this.#ids = new Int32Array(FIRST_LABEL_ID + labels.length)
    this.#idView = new DataView(this.#ids.buffer)
    this.numbers = new Float64Array(measures.length)
    this.#numberIds = new Int32Array(measures.length)
    this.#attributeKeys = new KeyBook(names)
  }

  /** Rises when all numbers of combinations given before become void. */
  get generation(): number {
    return this.#generation
  }

  get service(): string {
    return this.#tokens.values[this.#ids[SERVICE_ID]!] as string
  }

  get severityNumber(): number {
    return this.#tokens.values[this.#ids[SEVERITY_ID]!] as number
  }

  /** @param index in the wanted labels */
  label(index: number): AttributeValue | undefined {
    return this.#tokens.values[this.#ids[FIRST_LABEL_ID + index]!]
  }

  /**
   * The value of a measure that is not a number.
   *
   * @param index in the wanted measures
   */
  measure(index: number): AttributeValue | undefined {
    return this.#tokens.values[this.#numberIds[index]!]
  }

  /** @returns whether the record `bytes[start, end)` was understood; if not, the fields mean nothing */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    if (this.#tokens.makeRoom(this.#ids.length + this.#numberIds.length)) this.#forgetCombinations()
    // Arrays this short are filled faster by a loop.
    for (let i = FIRST_LABEL_ID; i < this.#ids.length; i++) this.#ids[i] = ABSENT
    for (let i = 0; i < this.#numberIds.length; i++) {
      this.#numberIds[i] = ABSENT
      this.numbers[i] = Number.NaN
    }
    const after = this.#record(afterSpace(this.#view, start, end), end)
    if (after === UNSURE || afterSpace(this.#view, after, end) !== end) return false
    this.combination = this.#combine()
    return true
  }

  #combine(): number {
    const { byteLength: length } = this.#idView
    const known = this.#combinations.find(this.#idView, 0, length)
    if (known !== 0) return known
    if (this.#combinations.count === MAX_COMBINATIONS) this.#forgetCombinations()
    return this.#combinations.add(this.#idView, 0, length)
  }

  #forgetCombinations(): void {
    this.#combinations.clear()
    this.#generation++
  }

  #record(start: number, end: number): number {
    const view = this.#view
    const keys = this.#fieldKeys
    let seen = 0
    if (start >= end || view.getUint8(start) !== OPEN_BRACE) return UNSURE
    keys.begin()
    let at = start
    do {
      at = keys.read(view, afterSpace(view, at + 1, end), end)
      if (at === UNSURE) return UNSURE
      at = afterSpace(view, at, end)
      const { field } = keys
      if (field === UNWANTED) {
        at = afterValue(view, at, end)
      } else {
        if ((seen & (1 << field)) !== 0) return UNSURE
        seen |= 1 << field
        at = this.#field(field, at, end)
      }
      if (at === UNSURE) return UNSURE
      at = afterSpace(view, at, end)
    } while (at < end && view.getUint8(at) === COMMA)
    return at < end && view.getUint8(at) === CLOSE_BRACE && seen === ALL_FIELDS ? at + 1 : UNSURE
  }

  #field(field: number, at: number, end: number): number {
    switch (field) {
      case TIME:
        return this.#time(at, end)
      case OBSERVED_TIME:
        return afterNumber(this.#view, at, end)
      case SERVICE:
        return this.#isText(at, end) ? this.#token(this.#ids, SERVICE_ID, at, end) : UNSURE
      case SEVERITY:
        return this.#isNumber(at, end) ? this.#token(this.#ids, SEVERITY_ID, at, end) : UNSURE
      case BODY:
        return this.#isText(at, end) ? afterText(this.#view, at, end) : UNSURE
      case ATTRIBUTES:
        return this.#attributes(at, end)
      default:
        return UNSURE
    }
  }

  #attributes(start: number, end: number): number {
    const view = this.#view
    const keys = this.#attributeKeys
    if (start >= end || view.getUint8(start) !== OPEN_BRACE) return UNSURE
    let at = afterSpace(view, start + 1, end)
    if (at < end && view.getUint8(at) === CLOSE_BRACE) return at + 1
    keys.begin()
    for (;;) {
      at = keys.read(view, at, end)
      if (at === UNSURE) return UNSURE
      at = this.#attribute(keys.field, afterSpace(view, at, end), end)
      if (at === UNSURE) return UNSURE
      at = afterSpace(view, at, end)
      if (at >= end) return UNSURE
      if (view.getUint8(at) === CLOSE_BRACE) return at + 1
      if (view.getUint8(at) !== COMMA) return UNSURE
      at = afterSpace(view, at + 1, end)
    }
  }

  #attribute(field: number, at: number, end: number): number {
    if (field === UNWANTED) return afterValue(this.#view, at, end)
    if (field < this.#labels) {
      const place = FIRST_LABEL_ID + field
      return this.#ids[place] === ABSENT ? this.#token(this.#ids, place, at, end) : UNSURE
    }
    const index = field - this.#labels
    if (this.#numberIds[index] !== ABSENT || !Number.isNaN(this.numbers[index])) return UNSURE
    return this.#isNumber(at, end) ? this.#number(index, at, end) : this.#token(this.#numberIds, index, at, end)
  }

  #token(ids: Int32Array, place: number, at: number, end: number): number {
    const guess = this.#tokens.guess(this.#view, at, end)
    if (guess !== ABSENT) {
      ids[place] = guess
      return at + this.#tokens.length(guess)
    }
    const after = afterScalar(this.#view, at, end)
    if (after === UNSURE || after - at > MAX_TOKEN_BYTES) return UNSURE
    ids[place] = this.#tokens.intern(this.#view, at, after)
    return after
  }

  #time(start: number, end: number): number {
    const view = this.#view
    let timeMs = 0
    let at = start
    for (; at + 4 <= end; at += 4) {
      const four = view.getInt32(at, true)
      if (!areDigits(four)) break
      const hundreds = (four & 0x0f) * 10 + ((four >>> 8) & 0x0f)
      timeMs = timeMs * 10_000 + hundreds * 100 + ((four >>> 16) & 0x0f) * 10 + ((four >>> 24) & 0x0f)
    }
    for (; at < end; at++) {
      const digit = view.getUint8(at) - ZERO
      if (digit < 0 || digit > 9) break
      timeMs = timeMs * 10 + digit
    }
    const digits = at - start
    if (digits === 0 || digits > MAX_EXACT_DIGITS || (digits > 1 && view.getUint8(start) === ZERO)) return UNSURE
    this.timeMs = timeMs
    // A fraction or exponent that follows is no comma, and so declined by the caller.
    return at
  }

  #number(index: number, start: number, end: number): number {
    const view = this.#view
    const after = afterNumber(view, start, end)
    if (after === UNSURE) return UNSURE
    let digits = 0
    let decimals = 0
    let inFraction = 0
    let whole = 0
    const negative = view.getUint8(start) === MINUS
    for (let at = negative ? start + 1 : start; at < after; at++) {
      const byte = view.getUint8(at)
      if (byte === DOT) {
        inFraction = 1
        continue
      }
      digits++
      decimals += inFraction
      if (digits > MAX_EXACT_DIGITS || byte === LOWER_E || byte === UPPER_E) {
        this.numbers[index] = Number(decoder.decode(this.#bytes.subarray(start, after)))
        return after
      }
      whole = whole * 10 + (byte - ZERO)
    }
    const magnitude = decimals === 0 ? whole : whole / POWERS_OF_TEN[decimals]!
    this.numbers[index] = negative ? -magnitude : magnitude
    return after
  }

  #isText(at: number, end: number): boolean {
    return at < end && this.#view.getUint8(at) === QUOTE
  }

  #isNumber(at: number, end: number): boolean {
    if (at >= end) return false
    const byte = this.#view.getUint8(at)
    return (byte >= ZERO && byte <= NINE) || byte === MINUS
  }
}

function mustBeFindable(name: string): void {
  if (name in {} || name.includes('\ufffd') || !name.isWellFormed()) {
    throw new RangeError(`an attribute named ${JSON.stringify(name)} can not be told apart from others in a record`)
  }
}

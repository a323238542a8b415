import { FIRST_HASH, hashCharacter } from './characters.ts'
import { BOOLEAN, DURATION, SIZE, TIME } from './variable-kind.ts'

const VALUES = new Map<string, number>()
function add(kind: number, words: string): void {
  for (const word of words.split(' ')) VALUES.set(word, kind)
}
add(BOOLEAN, 'true false True False TRUE FALSE null NULL None nil undefined NaN')
add(BOOLEAN, 'yes no on off Yes No On Off YES NO ON OFF')
add(SIZE, 'B KB MB GB TB kB KiB MiB GiB TiB Kb Mb Gb K M G bytes byte Bytes kbytes')
add(DURATION, 'ns us µs ms sec secs s second seconds min mins minute minutes hour hours days milliseconds msec msecs')
add(DURATION, 'MILLISECONDS SECONDS microseconds Hz kHz KHz MHz GHz')
add(TIME, 'Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec')
add(TIME, 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday AM PM UTC GMT EST EDT PST PDT CET CEST CST')

export const SWITCHES = new Set(['yes', 'no', 'on', 'off'])

// Most words are none of these: a bit per hash spares them the look-up.
const SEEN_BITS = 12
const SEEN = new Uint8Array(1 << SEEN_BITS)
for (const word of VALUES.keys()) {
  let hash = FIRST_HASH
  for (let i = 0; i < word.length; i++) hash = hashCharacter(hash, word.charCodeAt(i))
  SEEN[hash >>> (32 - SEEN_BITS)] = 1
}

/** Whether a word with this hash may be one of the words below; false is certain. */
export function mayBeValueWord(hash: number): boolean {
  return SEEN[hash >>> (32 - SEEN_BITS)] === 1
}

const LONGEST = Math.max(...[...VALUES.keys()].map((word) => word.length))

/**
 * The kind of words that are values, or part of one, by themselves (booleans, null), as an answer (`on`, `no`) or beside a
 * number (units, parts of dates); 0 for all others.
 */
export function wordValueKind(line: string, start: number, end: number): number {
  return end - start > LONGEST || end === start ? 0 : (VALUES.get(line.slice(start, end)) ?? 0)
}

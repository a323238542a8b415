import type { Tokens } from './tokens.ts'

/**
 * Index of a name's colour, 0..11, the same on every chart, page and machine: FNV-1a, 32 bit, of its UTF-16 units
 * (http://www.isthe.com/chongo/tech/comp/fnv/).
 */
export function seriesIndex(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) {
    hash ^= name.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  // The low bits of FNV-1a spread badly for short names: fold the high half in.
  hash ^= hash >>> 15
  return (hash >>> 0) % 12
}

export function seriesColour(name: string, tokens: Tokens): string {
  return tokens.series[seriesIndex(name)] as string
}

/** For CSS: follows the theme without a new render. */
export function seriesVariable(name: string): string {
  return `var(--series-${seriesIndex(name) + 1})`
}

import type { Symbols } from './symbols.ts'

/** A hash of 45 bits of a symbol in its place. */
export function slotTerm(at: number, symbol: number): number {
  return mix(at, symbol) + 0x20_0000 * (mix(at + 512, symbol) >>> 8)
}

function mix(at: number, symbol: number): number {
  let h = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(symbol + 0x165667b1, 0x42b2ae35)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  h ^= h >>> 12
  h = Math.imul(h, 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}

/**
 * A hash of all slots that is a sum over them: what agrees in all slots but some is found by subtracting these terms. Exact
 * for the 160 symbols that a line may have: the sum stays below 2^53.
 */
export function slotSum(symbols: Symbols): number {
  let sum = 0
  for (let at = 0; at < symbols.length; at++) sum += slotTerm(at, symbols[at] as number)
  return sum
}

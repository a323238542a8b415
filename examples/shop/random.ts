/** Everything the simulated parts of the shop (gateway, stores, supplier, shoppers) decide by chance comes from here. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** True with probability `share`, 0..1. */
  chance(share: number): boolean
  /** An integer in [0, bound). */
  below(bound: number): number
  /** Log-normal around `median`: with sigma 0.45, one value in 20 is over 2.1 × the median. */
  logNormal(median: number, sigma: number): number
}

/**
 * Seeded generator: equal seeds give equal sequences.
 *
 * Source: mulberry32 by Tommy Ettinger (public domain); normal deviates by Box and Muller (1958).
 *
 * @param seed any integer; only its low 32 bits count
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    chance: (share) => next() < share,
    below: (bound) => Math.floor(next() * bound),
    logNormal: (median, sigma) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return median * Math.exp(sigma * normal)
    },
  }
}

import { useComputedColorScheme } from '@mantine/core'
import { TOKENS, type Tokens } from './tokens.ts'

/** For what is drawn on a canvas; CSS has the same as variables. */
export function useTokens(): Tokens {
  return TOKENS[useComputedColorScheme('dark')]
}

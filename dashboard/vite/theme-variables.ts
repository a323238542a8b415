import type { Plugin } from 'vite'
import { cssVariables } from '../src/theme/css-variables.ts'

/**
 * Puts the tokens into variables.css at build time: the page needs no style element written by a script, and CSS,
 * Mantine and charts read one source.
 */
export function themeVariables(): Plugin {
  return {
    name: 'weir-theme-variables',
    enforce: 'pre',
    transform(_code, id) {
      return id.endsWith('/theme/variables.css') ? cssVariables() : undefined
    },
  }
}

import { describe, expect, it } from 'vitest'
import { cssVariables, declarations } from './css-variables.ts'
import { seriesColour, seriesIndex } from './series-colour.ts'
import { TOKENS } from './tokens.ts'

describe('css variables', () => {
  it('names nested tokens by their path', () => {
    expect(declarations({ severityText: { warn: '#1' }, series: ['#2'] }, '')).toEqual([
      '--severity-text-warn: #1;',
      '--series-1: #2;',
    ])
  })

  it('has both themes, and the system decides while nothing is chosen', () => {
    const css = cssVariables()
    expect(css).toContain(`--bg: ${TOKENS.dark.bg};`)
    expect(css).toContain(`--bg: ${TOKENS.light.bg};`)
    expect(css).toContain(':root:not([data-mantine-color-scheme])')
  })
})

describe('the colour of a name', () => {
  it('is one of twelve, whatever the name', () => {
    for (const name of ['', 'a', 'checkout', 'x'.repeat(200), '日本']) {
      expect(TOKENS.dark.series).toContain(seriesColour(name, TOKENS.dark))
    }
  })

  it('never changes: charts of different days must agree', () => {
    expect(['shop-api', 'checkout', 'payments', 'inventory'].map(seriesIndex)).toEqual([6, 7, 9, 8])
  })

  it('spreads names evenly over the twelve', () => {
    const counts = new Array<number>(12).fill(0)
    for (let i = 0; i < 1_200; i++) counts[seriesIndex(`service-${i}`)]! += 1
    expect(Math.min(...counts)).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThan(150)
  })
})

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const channel = (offset: number) => {
    const value = Number.parseInt(hex.slice(offset, offset + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe.each(['dark', 'light'] as const)('contrast of %s', (scheme) => {
  const tokens = TOKENS[scheme]

  it('text is readable on every ground', () => {
    const texts = [tokens.text, tokens.t2, tokens.t3, tokens.accent, ...Object.values(tokens.severityText)]
    for (const text of texts) {
      for (const ground of [tokens.bg, tokens.panel, tokens.raised]) expect(contrast(text, ground)).toBeGreaterThan(4.5)
    }
  })

  it('fills and series stand out from a panel', () => {
    for (const fill of [...tokens.series, ...Object.values(tokens.severityFill)]) {
      expect(contrast(fill, tokens.panel)).toBeGreaterThanOrEqual(2.95)
    }
  })
})

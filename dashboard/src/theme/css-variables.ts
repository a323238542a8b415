import { FONTS, type Scheme, TOKENS } from './tokens.ts'

/** `{severityText: {warn: '#1'}, series: ['#2']}` → `--severity-text-warn: #1; --series-1: #2;` */
export function declarations(value: unknown, name: string): string[] {
  if (typeof value === 'string') return [`--${name}: ${value};`]
  if (Array.isArray(value)) return value.flatMap((item, index) => declarations(item, `${name}-${index + 1}`))
  return Object.entries(value as Record<string, unknown>).flatMap(([key, item]) => {
    const kebab = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return declarations(item, name === '' ? kebab : `${name}-${kebab}`)
  })
}

/** Mantine's own variables, as far as its components here use them. */
const MANTINE = `
  --mantine-color-body: var(--bg);
  --mantine-color-text: var(--text);
  --mantine-color-dimmed: var(--t3);
  --mantine-color-anchor: var(--accent);
  --mantine-color-placeholder: var(--t3);
  --mantine-color-error: var(--severity-text-error);
  --mantine-color-default: var(--bg);
  --mantine-color-default-hover: var(--hover);
  --mantine-color-default-color: var(--text);
  --mantine-color-default-border: var(--line2);
  --mantine-primary-color-filled: var(--accent);
  --mantine-primary-color-filled-hover: var(--accent);
  --mantine-primary-color-light: var(--accent-soft);
  --mantine-primary-color-contrast: var(--on-accent);
  --mantine-font-family: ${FONTS.text};
  --mantine-font-family-monospace: ${FONTS.mono};
  --mantine-font-family-headings: ${FONTS.text};
  --mantine-radius-default: 6px;
  --mantine-font-size-sm: 13px;
  --mantine-font-size-xs: 12px;
  --mantine-line-height: 1.54;
`

/** The style sheet of both themes; the system's choice holds until a script has set the attribute. */
export function cssVariables(): string {
  const block = (scheme: Scheme) => `color-scheme: ${scheme}; ${declarations(TOKENS[scheme], '').join(' ')}`
  return [
    `:root { --font-text: ${FONTS.text}; --font-mono: ${FONTS.mono}; ${block('dark')} }`,
    `@media (prefers-color-scheme: light) { :root:not([data-mantine-color-scheme]) { ${block('light')} } }`,
    `:root[data-mantine-color-scheme='light'] { ${block('light')} }`,
    `:root[data-mantine-color-scheme] { ${MANTINE} }`,
  ].join('\n')
}

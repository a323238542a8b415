/** Every colour of the dashboard. CSS variables, the Mantine theme and the charts are made from this table alone. */
export interface Tokens {
  readonly bg: string
  readonly panel: string
  readonly raised: string
  readonly line: string
  readonly line2: string
  readonly grid: string
  readonly hover: string
  readonly active: string
  readonly text: string
  readonly t2: string
  readonly t3: string
  readonly accent: string
  readonly onAccent: string
  readonly accentSoft: string
  readonly band: string
  readonly bar: string
  readonly ok: string
  readonly errorSoft: string
  readonly errorBar: string
  readonly onError: string
  readonly shadow: string
  readonly severityText: Readonly<Record<SeverityTone, string>>
  readonly severityFill: Readonly<Record<SeverityTone, string>>
  /** By index of the stable hash of a service's name. */
  readonly series: readonly string[]
  readonly quantiles: { readonly p50: string; readonly p95: string; readonly p99: string }
}

export type SeverityTone = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
export type Scheme = 'dark' | 'light'

const dark: Tokens = {
  bg: '#0c1014',
  panel: '#12171d',
  raised: '#1a2129',
  line: '#1f262e',
  line2: '#313b46',
  grid: '#1d242c',
  hover: 'rgb(164 188 212 / 5%)',
  active: 'rgb(164 188 212 / 10%)',
  text: '#e4e9ee',
  t2: '#a9b4bf',
  t3: '#84919e',
  accent: '#3fc9b6',
  onAccent: '#04211d',
  accentSoft: 'rgb(63 201 182 / 12%)',
  band: 'rgb(63 201 182 / 17%)',
  bar: 'rgb(132 160 190 / 22%)',
  ok: '#5fc48d',
  errorSoft: 'rgb(242 113 107 / 14%)',
  errorBar: 'rgb(242 113 107 / 30%)',
  onError: '#2b0605',
  shadow: '0 12px 32px rgb(0 0 0 / 50%)',
  severityText: { debug: '#84919e', info: '#6aa6f0', warn: '#e3ad45', error: '#f2716b', fatal: '#c792f5' },
  severityFill: { debug: '#5b6773', info: '#3c669c', warn: '#d29a35', error: '#ee6560', fatal: '#b57be8' },
  series: [
    '#85a0fe',
    '#a3a223',
    '#5cf0d8',
    '#7866c3',
    '#ffc659',
    '#a25e81',
    '#e3c5ff',
    '#b55b14',
    '#60935c',
    '#449ab2',
    '#da97a3',
    '#c0d7a3',
  ],
  quantiles: { p50: '#2f8579', p95: '#3fc9b6', p99: '#a9e6dc' },
}

const light: Tokens = {
  bg: '#f7f5f1',
  panel: '#fffefc',
  raised: '#ffffff',
  line: '#e9e5de',
  line2: '#d6d0c6',
  grid: '#efebe4',
  hover: 'rgb(70 55 30 / 4%)',
  active: 'rgb(70 55 30 / 7.5%)',
  text: '#1c2329',
  t2: '#48525b',
  t3: '#5e676f',
  accent: '#0b766b',
  onAccent: '#ffffff',
  accentSoft: 'rgb(11 118 107 / 10%)',
  band: 'rgb(11 118 107 / 15%)',
  bar: 'rgb(70 90 115 / 15%)',
  ok: '#1a7343',
  errorSoft: 'rgb(187 37 48 / 10%)',
  errorBar: 'rgb(187 37 48 / 18%)',
  onError: '#ffffff',
  shadow: '0 12px 32px rgb(40 30 10 / 16%)',
  severityText: { debug: '#5e676f', info: '#2563b8', warn: '#8a5b00', error: '#bb2530', fatal: '#7f38b5' },
  severityFill: { debug: '#8a939b', info: '#6b93c7', warn: '#c98409', error: '#d6404a', fatal: '#8f4fc4' },
  series: [
    '#234a81',
    '#859662',
    '#07a192',
    '#808ad3',
    '#654217',
    '#7f204d',
    '#7c52bf',
    '#cc7c0c',
    '#3e7253',
    '#3d8299',
    '#a96d78',
    '#666c00',
  ],
  quantiles: { p50: '#4f9b90', p95: '#0b766b', p99: '#0a3f3a' },
}

export const TOKENS: Readonly<Record<Scheme, Tokens>> = { dark, light }

export const FONTS = {
  text: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  mono: "'JetBrains Mono Variable', ui-monospace, 'SFMono-Regular', Menlo, monospace",
}

import { IconBrandSpeedtest, IconSchema, IconScript, IconSquareRotated, type TablerIcon } from '@tabler/icons-react'

export interface PageEntry {
  readonly path: '/' | '/logs' | '/anomalies' | '/pipeline'
  readonly name: string
  readonly icon: TablerIcon
  /** Second key after `g`. */
  readonly key: string
}

/** The destinations of the rail, the phone's bottom bar, the palette and the keys. */
export const PAGES: readonly PageEntry[] = [
  { path: '/', name: 'Overview', icon: IconBrandSpeedtest, key: 'o' },
  { path: '/logs', name: 'Logs', icon: IconScript, key: 'l' },
  { path: '/anomalies', name: 'Anomalies', icon: IconSquareRotated, key: 'a' },
  { path: '/pipeline', name: 'Pipeline', icon: IconSchema, key: 'p' },
]

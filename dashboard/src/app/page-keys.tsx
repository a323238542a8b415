import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { toggleUtc } from '../time/zone.ts'
import { CommandPalette } from './command-palette.tsx'
import { HelpOverlay } from './help-overlay.tsx'
import { openOverlay, useOverlay } from './overlays.ts'
import { usePageTime } from './page-time.ts'
import { PAGES } from './pages.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** The page's own search box, or the palette where a page has none. */
function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]')
  if (field) field.focus()
  else openOverlay('palette')
}

/** The keys of the whole application, and the overlays they open. */
export function PageKeys() {
  const navigate = useNavigate()
  const { live, setLive } = usePageTime()
  const { toggleColorScheme } = useMantineColorScheme()
  const overlay = useOverlay()
  useShortcuts({
    '/': focusSearch,
    '?': () => openOverlay('help'),
    t: () => openOverlay('time'),
    u: toggleUtc,
    l: () => setLive(!live),
    d: toggleColorScheme,
    'mod k': () => openOverlay('palette'),
    ...Object.fromEntries(PAGES.map((page) => [`g ${page.key}`, () => void navigate({ to: page.path })])),
  })
  return (
    <>
      <CommandPalette opened={overlay === 'palette'} onClose={() => openOverlay(undefined)} />
      <HelpOverlay opened={overlay === 'help'} onClose={() => openOverlay(undefined)} />
    </>
  )
}

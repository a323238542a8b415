import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconMoon, IconSearch, IconShare, IconSun, IconWorld } from '@tabler/icons-react'
import { toggleUtc, useZone } from '../time/zone.ts'
import classes from './more-sheet.module.css'
import { openOverlay, useOverlay } from './overlays.ts'
import { Sheet } from './sheet.tsx'

/** What the top bar of a wider screen has besides: on a phone behind More. */
export function MoreSheet() {
  const opened = useOverlay() === 'more'
  const clipboard = useClipboard({ timeout: 1_500 })
  const scheme = useComputedColorScheme('dark')
  const { setColorScheme } = useMantineColorScheme()
  const zone = useZone()
  const next = scheme === 'dark' ? 'light' : 'dark'
  const ShareIcon = clipboard.copied ? IconCheck : IconShare
  const ThemeIcon = scheme === 'dark' ? IconSun : IconMoon
  return (
    <Sheet title="More" opened={opened} onClose={() => openOverlay(undefined)}>
      <div className={classes.list}>
        <button type="button" onClick={() => openOverlay('palette')}>
          <IconSearch size={20} stroke={1.6} aria-hidden="true" /> Search or jump to
        </button>
        <button type="button" onClick={() => clipboard.copy(window.location.href)}>
          <ShareIcon size={20} stroke={1.6} aria-hidden="true" />
          {clipboard.copied ? 'Copied' : 'Copy a link to this view'}
        </button>
        <button type="button" onClick={() => setColorScheme(next)}>
          <ThemeIcon size={20} stroke={1.6} aria-hidden="true" /> Switch to {next}
        </button>
        <button type="button" onClick={toggleUtc}>
          <IconWorld size={20} stroke={1.6} aria-hidden="true" /> Times in {zone}
        </button>
      </div>
    </Sheet>
  )
}

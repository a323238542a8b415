import { Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconMoon, IconSearch, IconShare, IconSun } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { RangePicker } from '../time/range-picker.tsx'
import { LiveSwitch } from './live-switch.tsx'
import { openOverlay } from './overlays.ts'
import { PAGES } from './pages.ts'
import classes from './top-bar.module.css'
import { WeirMark } from './weir-mark.tsx'

export function TopBar({ phone }: { phone: boolean }) {
  const path = useLocation({ select: (location) => location.pathname })
  const title = PAGES.find((page) => page.path === path)?.name ?? 'Not found'
  return (
    <header className={classes.bar}>
      {phone && <WeirMark />}
      <h1 className={classes.title}>{title}</h1>
      {!phone && (
        <button type="button" className={classes.search} onClick={() => openOverlay('palette')}>
          <IconSearch size={14} stroke={1.6} aria-hidden="true" />
          <span>Search or jump to</span>
          <kbd>/</kbd>
        </button>
      )}
      <RangePicker phone={phone} />
      <LiveSwitch phone={phone} />
      {!phone && (
        <>
          <span className={classes.rule} />
          <ShareButton />
          <ThemeButton />
        </>
      )}
    </header>
  )
}

/** The link holds the range, the filters and the open line. */
function ShareButton() {
  const clipboard = useClipboard({ timeout: 1_500 })
  const label = clipboard.copied ? 'Copied' : 'Copy a link to this view'
  const Icon = clipboard.copied ? IconCheck : IconShare
  return (
    <Tooltip label={label}>
      <button
        type="button"
        className={classes.icon}
        aria-label={label}
        onClick={() => clipboard.copy(window.location.href)}
      >
        <Icon size={16} stroke={1.6} aria-hidden="true" />
      </button>
    </Tooltip>
  )
}

function ThemeButton() {
  const scheme = useComputedColorScheme('dark')
  const { setColorScheme } = useMantineColorScheme()
  const next = scheme === 'dark' ? 'light' : 'dark'
  const Icon = scheme === 'dark' ? IconSun : IconMoon
  return (
    <Tooltip label={`Switch to ${next}`}>
      <button
        type="button"
        className={classes.icon}
        aria-label={`Switch to ${next}`}
        onClick={() => setColorScheme(next)}
      >
        <Icon size={16} stroke={1.6} aria-hidden="true" />
      </button>
    </Tooltip>
  )
}

import { Modal, useMantineColorScheme } from '@mantine/core'
import {
  IconClockHour4,
  IconKeyboard,
  IconMoon,
  IconPlayerPlay,
  IconScript,
  IconSearch,
  type TablerIcon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { getServices } from '../api/client.ts'
import { toggleUtc } from '../time/zone.ts'
import classes from './command-palette.module.css'
import { filterCommands } from './filter-commands.ts'
import { openOverlay } from './overlays.ts'
import { usePageTime } from './page-time.ts'
import { PAGES } from './pages.ts'

interface Command {
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly icon: TablerIcon
  readonly run: () => void
}

const MAX_SHOWN = 9

function useCommands(text: string, opened: boolean): Command[] {
  const navigate = useNavigate()
  const { live, setLive } = usePageTime()
  const { toggleColorScheme } = useMantineColorScheme()
  const services = useQuery({ queryKey: ['services'], queryFn: getServices, enabled: opened, staleTime: 10_000 })
  const commands: Command[] = [
    ...PAGES.map((page) => ({
      id: page.path,
      name: page.name,
      hint: `g ${page.key}`,
      icon: page.icon,
      run: () => void navigate({ to: page.path }),
    })),
    ...(services.data ?? []).map((service) => ({
      id: `service ${service}`,
      name: `Logs of ${service}`,
      hint: 'service',
      icon: IconScript,
      run: () => void navigate({ to: '/logs', search: { services: [service] } }),
    })),
    {
      id: 'live',
      name: live ? 'Pause live updates' : 'Go live',
      hint: 'l',
      icon: IconPlayerPlay,
      run: () => setLive(!live),
    },
    { id: 'utc', name: 'Switch between UTC and local time', hint: 'u', icon: IconClockHour4, run: toggleUtc },
    { id: 'theme', name: 'Switch between dark and light', hint: 'd', icon: IconMoon, run: toggleColorScheme },
    { id: 'help', name: 'Show all keys', hint: '?', icon: IconKeyboard, run: () => openOverlay('help') },
  ]
  const found = filterCommands(commands, text).slice(0, MAX_SHOWN)
  if (text.trim() === '') return found
  const search: Command = {
    id: 'search',
    name: `Search logs for “${text.trim()}”`,
    hint: 'logs',
    icon: IconSearch,
    run: () => void navigate({ to: '/logs', search: { q: text.trim() } }),
  }
  return [...found, search]
}

/** Jump to a page or a service, or search the logs, from anywhere. */
export function CommandPalette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={560} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Search or jump to">
        <Modal.Body p={0}>
          <PaletteBody opened={opened} onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function PaletteBody({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState('')
  const [selected, setSelected] = useState(0)
  const commands = useCommands(text, opened)
  const index = Math.min(selected, commands.length - 1)
  const run = (command: Command | undefined) => {
    onClose()
    command?.run()
  }
  return (
    <>
      <div className={classes.field}>
        <IconSearch size={16} stroke={1.6} aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: a dialog moves the focus to its field
          autoFocus
          value={text}
          placeholder="Search logs, or jump to a page or service"
          role="combobox"
          aria-label="Search or jump to"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={`palette-${index}`}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setSelected(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setSelected((index + 1) % commands.length)
            else if (event.key === 'ArrowUp') setSelected((index + commands.length - 1) % commands.length)
            else if (event.key === 'Enter') run(commands[index])
            else return
            event.preventDefault()
          }}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label="Results" className={classes.list}>
        {commands.map((command, position) => (
          <button
            key={command.id}
            id={`palette-${position}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={position === index}
            className={classes.item}
            onPointerMove={() => setSelected(position)}
            onClick={() => run(command)}
          >
            <command.icon size={16} stroke={1.6} aria-hidden="true" />
            <span>{command.name}</span>
            <small>{command.hint}</small>
          </button>
        ))}
      </div>
    </>
  )
}

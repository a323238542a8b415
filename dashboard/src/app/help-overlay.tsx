import { Modal } from '@mantine/core'
import classes from './help-overlay.module.css'
import { PAGES } from './pages.ts'

const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ['/', 'Search'],
  ['Ctrl K', 'Search or jump anywhere'],
  ...PAGES.map((page) => [`g ${page.key}`, `Go to ${page.name}`] as const),
  ['t', 'Choose the time range'],
  ['l', 'Live on and off'],
  ['u', 'UTC or local time'],
  ['d', 'Dark or light'],
  ['?', 'This list'],
]

const POINTER: readonly (readonly [what: string, meaning: string])[] = [
  ['Drag on a chart', 'zooms every chart of the page'],
  ['Click on a chart', 'shows the lines of that time'],
  ['Double click', 'goes back to the range before'],
  ['Click in a legend', 'shows one series alone; with Ctrl, toggles it'],
]

export function HelpOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size={420} closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={classes.list}>
        {KEYS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <dl className={classes.pointer}>
        {POINTER.map(([what, meaning]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}

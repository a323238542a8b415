import { useEffect, useRef } from 'react'
import { NO_SEQUENCE, readKey } from './key-sequence.ts'

const FIELDS = 'input, textarea, select, [contenteditable="true"], [role="textbox"]'

/** Calls the action of a shortcut (`/`, `g l`). Ctrl or Cmd with K is `mod k`. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const current = useRef(actions)
  current.current = actions
  useEffect(() => {
    let state = NO_SEQUENCE
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        current.current['mod k']?.()
        return
      }
      const target = event.target instanceof Element ? event.target : undefined
      const [next, shortcut] = readKey(state, {
        key: event.key,
        withModifier: event.ctrlKey || event.metaKey || event.altKey,
        inField: target?.closest(FIELDS) !== null && target !== undefined,
        timeMs: event.timeStamp,
      })
      state = next
      const action = shortcut === undefined ? undefined : current.current[shortcut]
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

import { useSyncExternalStore } from 'react'

/** What lies over the page; at most one at a time. Keys, buttons and the top bar all open the same. */
export type Overlay = 'palette' | 'help' | 'time' | 'more'

const listeners = new Set<() => void>()
let opened: Overlay | undefined

export function openOverlay(overlay: Overlay | undefined): void {
  opened = overlay
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(subscribe, () => opened)
}

import { useSyncExternalStore } from 'react'

/** The zone times are shown in: the browser's own, or UTC by a key. Kept per browser, not in the URL: a reader's choice. */
const STORAGE_KEY = 'weir-utc'
const listeners = new Set<() => void>()
let utc = readStored()

function readStored(): boolean {
  return typeof localStorage === 'object' && localStorage.getItem(STORAGE_KEY) === '1'
}

export function toggleUtc(): void {
  utc = !utc
  localStorage.setItem(STORAGE_KEY, utc ? '1' : '0')
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** An IANA name for Intl. */
export function useZone(): string {
  const isUtc = useSyncExternalStore(subscribe, () => utc)
  return isUtc ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
}

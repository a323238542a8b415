import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react'
import { postQueries } from '../api/client.ts'
import { LiveConnection } from './live-connection.ts'
import { LiveQueries, type LiveStatus } from './live-queries.ts'

const Live = createContext<LiveQueries | undefined>(undefined)

/** Answers that come together are shown together, in the next turn: a frame would wait for ever in a hidden tab. */
function browserQueries(): LiveQueries {
  return new LiveQueries({
    connect: (queries, events) => new LiveConnection(queries, events),
    ask: (queries) => postQueries(queries),
    soon: (callback) => setTimeout(callback, 0),
    now: () => Date.now(),
  })
}

const shared = browserQueries()

export function LiveProvider({ live, children }: { live: boolean; children: ReactNode }) {
  useEffect(() => shared.setLive(live), [live])
  useEffect(() => {
    const onVisibility = () => shared.setVisible(document.visibilityState !== 'hidden')
    onVisibility()
    document.addEventListener('visibilitychange', onVisibility)
    return () => document.removeEventListener('visibilitychange', onVisibility)
  }, [])
  return <Live value={shared}>{children}</Live>
}

export function useLive(): LiveQueries {
  const live = useContext(Live)
  if (!live) throw new Error('useLive needs a LiveProvider above it')
  return live
}

export function useLiveStatus(): LiveStatus {
  const live = useLive()
  return useSyncExternalStore(live.watchStatus, live.status)
}

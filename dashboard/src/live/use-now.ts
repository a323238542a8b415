import { useEffect, useState } from 'react'
import { useLive, useLiveStatus } from './live-context.tsx'

/** Now by the server's clock, moving every `stepMs`; the moment of pausing while the page is paused. ms since the epoch */
export function useNow(stepMs: number): number {
  const live = useLive()
  const [nowMs, setNowMs] = useState(() => live.nowMs())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(live.nowMs()), stepMs)
    return () => clearInterval(timer)
  }, [live, stepMs])
  const { pausedAtMs } = useLiveStatus()
  return pausedAtMs ?? nowMs
}

import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { paramsOf, type Range, rangeOf, zoomed } from '../time/range.ts'
import { changed, useChangeSearch } from './change-search.ts'
import type { PageParams } from './search-params.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** True on an entry made by zooming: going back there is one step of history. */
    zoomed?: boolean
  }
}

export interface PageTime {
  readonly range: Range
  readonly live: boolean
  readonly setRange: (range: Range) => void
  readonly setLive: (live: boolean) => void
  readonly zoom: (fromMs: number, toMs: number) => void
  /** To the range before the last zoom. */
  readonly zoomBack: () => void
}

const NO_RANGE = { range: undefined, from: undefined, to: undefined }

/** The time of the whole page, kept in the URL. */
export function usePageTime(): PageTime {
  const { range: name, from, to, live: liveParam } = useSearch({ strict: false }) as PageParams
  const navigate = useNavigate()
  const router = useRouter()
  const changeSearch = useChangeSearch()
  const range = useMemo(
    () =>
      rangeOf({
        ...(name ? { range: name } : {}),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }),
    [name, from, to],
  )
  const go = useCallback(
    (next: Range, isZoom: boolean) =>
      navigate({
        to: '.',
        resetScroll: false,
        search: (before) => changed(before, { ...NO_RANGE, ...paramsOf(next) }),
        ...(isZoom ? { state: { zoomed: true } } : {}),
      }),
    [navigate],
  )
  return {
    range,
    live: liveParam !== false,
    setRange: useCallback((next) => void go(next, false), [go]),
    setLive: useCallback((live) => changeSearch({ live: live ? undefined : false }), [changeSearch]),
    zoom: useCallback((a, b) => void go(zoomed(a, b), true), [go]),
    zoomBack: useCallback(() => {
      if (router.state.location.state.zoomed) router.history.back()
    }, [router]),
  }
}

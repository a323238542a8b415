import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { AnomaliesParams, LogsParams, OverviewParams, PageParams } from './search-params.ts'

export type Search = PageParams & OverviewParams & LogsParams & AnomaliesParams
/** Undefined takes a parameter off. */
export type SearchChange = { [Name in keyof Search]?: Search[Name] | undefined }

export function changed(before: Search, change: SearchChange): Search {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined))
}

/** Changes parameters of this page's URL; a filter replaces the entry of the history, so that back leaves the page. */
export function useChangeSearch(): (change: SearchChange) => void {
  const navigate = useNavigate()
  return useCallback(
    (change) =>
      void navigate({ to: '.', replace: true, resetScroll: false, search: (before) => changed(before, change) }),
    [navigate],
  )
}

import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { type LogsParams, MIN_SEVERITIES } from '../../app/search-params.ts'
import type { Picked } from '../../charts/picked.ts'
import { OTHERS, type SplitBy } from './event-rate.ts'

/** The filter of a part of the event rate. A severity means it and what is worse; the least of all filters nothing. */
export function eventFilter(by: SplitBy, key: string | undefined): LogsParams {
  if (key === undefined) return {}
  if (by === 'service') return serviceFilter(key === OTHERS ? undefined : key)
  const severity = MIN_SEVERITIES.find((name) => name === key)
  return severity ? { severity } : {}
}

export function serviceFilter(service: string | undefined): LogsParams {
  return service ? { services: [service] } : {}
}

const PLACEHOLDER = /^[:{<*[]/

/** The lines of a route as a search: its method, and its path as phrases between the places of its parameters. */
export function routeFilter(row: {
  readonly service: string
  readonly method: string
  readonly route: string
}): LogsParams {
  const phrases: string[][] = [[]]
  for (const segment of row.route.split('/').filter((part) => part !== '')) {
    if (PLACEHOLDER.test(segment)) phrases.push([])
    else phrases.at(-1)?.push(segment)
  }
  const words = phrases.filter((phrase) => phrase.length > 0).map((phrase) => `"/${phrase.join('/')}"`)
  const q = [row.method, ...words].filter((word) => word !== '').join(' ')
  return { ...serviceFilter(row.service), ...(q === '' ? {} : { q }) }
}

/** Opens Logs on a stretch of time with a filter; back returns to the chart. */
export function useShowLines(): (picked: Picked, filter: LogsParams) => void {
  const navigate = useNavigate()
  return useCallback(
    ({ fromMs, toMs }, filter) => void navigate({ to: '/logs', search: { from: fromMs, to: toMs, ...filter } }),
    [navigate],
  )
}

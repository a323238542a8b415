import { createRootRoute, createRoute, createRouter, redirect, retainSearchParams } from '@tanstack/react-router'
import { AnomaliesPage } from '../pages/anomalies/anomalies-page.tsx'
import { LogsPage } from '../pages/logs/logs-page.tsx'
import { OverviewPage } from '../pages/overview/overview-page.tsx'
import { PipelinePage } from '../pages/pipeline/pipeline-page.tsx'
import type { RangeParams } from '../time/range.ts'
import { askOpeningRange } from './ask-opening-range.ts'
import { NotFound } from './not-found.tsx'
import { anomaliesParams, logsParams, overviewParams, pageParams } from './search-params.ts'
import { Shell } from './shell.tsx'

/** The decision of this load of the page: made once, so that no later step of the reader moves the time. */
let opening: Promise<RangeParams> | undefined

const rootRoute = createRootRoute({
  beforeLoad: async ({ search, location }) => {
    if (search.range !== undefined || search.from !== undefined) return
    opening ??= askOpeningRange()
    const range = await opening
    throw redirect({ to: location.pathname, search: { ...location.search, ...range }, replace: true })
  },
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: pageParams,
  // The time goes with the reader from page to page.
  search: { middlewares: [retainSearchParams(['range', 'from', 'to', 'live'])] },
})

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: OverviewPage,
  validateSearch: overviewParams,
})

const logsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/logs',
  component: LogsPage,
  validateSearch: logsParams,
})

const anomaliesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/anomalies',
  component: AnomaliesPage,
  validateSearch: anomaliesParams,
})

const pipelineRoute = createRoute({ getParentRoute: () => rootRoute, path: '/pipeline', component: PipelinePage })

export const router = createRouter({
  routeTree: rootRoute.addChildren([overviewRoute, logsRoute, anomaliesRoute, pipelineRoute]),
  defaultPreload: false,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

import { createRootRoute, createRoute, createRouter, retainSearchParams } from '@tanstack/react-router'
import { AnomaliesPage } from '../pages/anomalies/anomalies-page.tsx'
import { LogsPage } from '../pages/logs/logs-page.tsx'
import { OverviewPage } from '../pages/overview/overview-page.tsx'
import { PipelinePage } from '../pages/pipeline/pipeline-page.tsx'
import { NotFound } from './not-found.tsx'
import { anomaliesParams, logsParams, overviewParams, pageParams } from './search-params.ts'
import { Shell } from './shell.tsx'

const rootRoute = createRootRoute({
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

import { onTestFinished } from 'vitest'
import type { Api, ApiDeps } from '../app.ts'
import { buildApp } from '../app.ts'
import type { ApiLimits } from '../limits.ts'
import { MemoryWeir } from './memory-weir.ts'

/** The API over stores in memory, closed at the end of the test. */
export async function startApp(
  options: {
    weir?: MemoryWeir
    limits?: Partial<ApiLimits>
    dashboardDir?: string
    ingest?: NonNullable<ApiDeps['ingest']>
  } = {},
): Promise<Api & { readonly weir: MemoryWeir }> {
  const { weir = new MemoryWeir(), limits = {}, dashboardDir, ingest } = options
  const { definitions, clock, roles, prometheus, logger } = weir
  const { metricStore, logStore, anomalyStore, documentStore, broker } = weir
  const api = await buildApp({
    ...{ definitions, clock, roles, prometheus, logger, metricStore, logStore, anomalyStore, documentStore, broker },
    limits,
    ...(dashboardDir === undefined ? {} : { dashboardDir }),
    ...(ingest === undefined ? {} : { ingest }),
  })
  onTestFinished(() => api.app.close())
  await api.app.ready()
  return { ...api, weir }
}

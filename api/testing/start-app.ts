import { onTestFinished } from 'vitest'
import type { Api } from '../app.ts'
import { buildApp } from '../app.ts'
import type { ApiLimits } from '../limits.ts'
import { MemoryWeir } from './memory-weir.ts'

/** The API over stores in memory, closed at the end of the test. */
export async function startApp(
  options: { weir?: MemoryWeir; limits?: Partial<ApiLimits>; dashboardDir?: string } = {},
): Promise<Api & { readonly weir: MemoryWeir }> {
  const { weir = new MemoryWeir(), limits = {}, dashboardDir } = options
  const { definitions, clock, roles, prometheus, logger } = weir
  const { metricStore, logStore, anomalyStore, documentStore, broker } = weir
  const api = await buildApp({
    ...{ definitions, clock, roles, prometheus, logger, metricStore, logStore, anomalyStore, documentStore, broker },
    limits,
    ...(dashboardDir === undefined ? {} : { dashboardDir }),
  })
  onTestFinished(() => api.app.close())
  await api.app.ready()
  return { ...api, weir }
}

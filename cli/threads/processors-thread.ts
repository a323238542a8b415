import type { MessagePort } from 'node:worker_threads'
import { connectBroker, openAnomalyStore, openMetricStore } from '@weir/adapters/embedded'
import { startCombiner, startWindower } from '@weir/processors'
import { Registry } from 'prom-client'
import type { Config } from '../config-schema.ts'
import { foldersOf } from '../data-dir.ts'
import { openLog } from '../log.ts'
import { keepRetention } from '../retention.ts'
import { systemClock } from '../system-clock.ts'
import { serveThread } from './serve-thread.ts'

const DAY_MS = 86_400_000

export interface ProcessorsThreadData {
  readonly config: Config
  readonly broker: MessagePort
}

await serveThread<ProcessorsThreadData>(async ({ config, broker: port }) => {
  const broker = connectBroker(port)
  const folders = foldersOf(config.dataDir)
  const { retention } = config
  const syncEachCommit = config.broker.durability === 'power'
  const metricStore = await openMetricStore({
    dir: folders.metrics,
    retentionMs: {
      10000: retention.metrics10sDays * DAY_MS,
      60000: retention.metrics1minDays * DAY_MS,
      300000: retention.metrics5minDays * DAY_MS,
      3600000: retention.metrics1hDays * DAY_MS,
    },
    syncEachCommit,
  })
  const anomalyStore = await openAnomalyStore({
    dir: folders.anomalies,
    retentionMs: retention.anomaliesDays * DAY_MS,
    syncEachCommit,
  })
  const registry = new Registry()
  const logger = openLog(config.dataDir, config.logLevel, 'processors')
  const endRetention = keepRetention([metricStore, anomalyStore], systemClock, logger)
  const common = {
    broker,
    clock: systemClock,
    logger,
    registry,
    config: config.windows,
  }
  const combiner = await startCombiner(common)
  const windower = await startWindower({ ...common, metricStore, anomalyStore })
  const close = async () => {
    endRetention()
    await metricStore.close()
    await anomalyStore.close()
    await broker.close()
  }
  return { roles: [combiner, windower], registry, close }
})

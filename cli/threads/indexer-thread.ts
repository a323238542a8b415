import type { MessagePort } from 'node:worker_threads'
import { connectBroker, openLogStore } from '@weir/adapters/embedded'
import { startIndexer } from '@weir/processors'
import { Registry } from 'prom-client'
import type { Config } from '../config-schema.ts'
import { foldersOf } from '../data-dir.ts'
import { openLog } from '../log.ts'
import { keepRetention } from '../retention.ts'
import { systemClock } from '../system-clock.ts'
import { serveThread } from './serve-thread.ts'

export interface IndexerThreadData {
  readonly config: Config
  readonly broker: MessagePort
}

await serveThread<IndexerThreadData>(async ({ config, broker: port }) => {
  const broker = connectBroker(port)
  const logStore = await openLogStore({
    dir: foldersOf(config.dataDir).logs,
    retentionMs: config.retention.logsDays * 86_400_000,
    syncEachCommit: config.broker.durability === 'power',
  })
  const registry = new Registry()
  const logger = openLog(config.dataDir, config.logLevel, 'indexer')
  const endRetention = keepRetention([logStore], systemClock, logger)
  const role = await startIndexer({
    broker,
    logStore,
    clock: systemClock,
    logger,
    registry,
  })
  const close = async () => {
    endRetention()
    await logStore.close()
    await broker.close()
  }
  return { roles: [role], registry, close }
})

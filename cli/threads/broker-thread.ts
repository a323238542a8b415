import { openBroker, serveBroker } from '@weir/adapters/embedded'
import type { Config } from '../config-schema.ts'
import { foldersOf } from '../data-dir.ts'
import { openLog } from '../log.ts'
import { serveThread } from './serve-thread.ts'

export interface BrokerThreadData {
  readonly config: Config
}

await serveThread<BrokerThreadData>(async ({ config }) => {
  const logger = openLog(config.dataDir, config.logLevel, 'broker')
  const broker = openBroker({
    dir: foldersOf(config.dataDir).broker,
    durability: config.broker.durability,
    onEvent: (event) => logger.info(event, `broker: ${event.kind}`),
  })
  return { roles: [], connect: (port) => serveBroker(broker, port), close: () => broker.close() }
})

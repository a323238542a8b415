import { startShop } from '@weir/shop'
import type { Config } from '../config-schema.ts'
import { openLog } from '../log.ts'
import { serveThread } from './serve-thread.ts'

export interface DemoThreadData {
  readonly config: Config
  readonly forwardPort: number
}

export interface DemoThreadInfo {
  readonly url: string
}

await serveThread<DemoThreadData>(async ({ config, forwardPort }) => {
  const shop = await startShop({
    host: '127.0.0.1',
    port: config.demo.port,
    fluent: { host: '127.0.0.1', port: forwardPort },
    requestsPerSecond: config.demo.requestsPerSecond,
    logger: openLog(config.dataDir, config.logLevel, 'demo'),
  })
  const info: DemoThreadInfo = { url: shop.url }
  return { roles: [], info, close: () => shop.stop() }
})

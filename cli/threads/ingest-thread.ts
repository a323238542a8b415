import type { MessagePort } from 'node:worker_threads'
import { connectBroker } from '@weir/adapters/embedded'
import { startIngest } from '@weir/ingest'
import { Registry } from 'prom-client'
import type { Config } from '../config-schema.ts'
import { openLog } from '../log.ts'
import { systemClock } from '../system-clock.ts'
import { serveThread } from './serve-thread.ts'

export interface IngestThreadData {
  readonly config: Config
  readonly broker: MessagePort
}

export interface IngestThreadInfo {
  readonly httpUrl: string
  /** `host:port` */
  readonly forwardAddress: string
  readonly forwardPort: number
}

await serveThread<IngestThreadData>(async ({ config, broker: port }) => {
  const broker = connectBroker(port)
  const registry = new Registry()
  const role = await startIngest({
    broker,
    clock: systemClock,
    http: { host: config.ingest.host, port: config.ingest.port },
    forward: { host: config.ingest.forwardHost, port: config.ingest.forwardPort },
    logger: openLog(config.dataDir, config.logLevel, 'ingest'),
    registry,
  })
  const { forwardHost } = config.ingest
  const info: IngestThreadInfo = {
    httpUrl: role.httpUrl,
    forwardAddress: `${forwardHost.includes(':') ? `[${forwardHost}]` : forwardHost}:${role.forwardPort}`,
    forwardPort: role.forwardPort,
  }
  return { roles: [role], registry, info, close: () => broker.close() }
})

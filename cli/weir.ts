import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import {
  connectBroker,
  openAnomalyStore,
  openDocumentStore,
  openLogStore,
  openMetricStore,
} from '@weir/adapters/embedded'
import { startApi } from '@weir/api'
import { BUILT_IN_METRICS, type RoleStatus } from '@weir/core'
import { AggregatorRegistry } from 'prom-client'
import type { Config } from './config-schema.ts'
import { foldersOf, prepareDataDir } from './data-dir.ts'
import { openLog, rotateLog } from './log.ts'
import { systemClock } from './system-clock.ts'
import type { DemoThreadInfo } from './threads/demo-thread.ts'
import type { IngestThreadInfo } from './threads/ingest-thread.ts'
import { Thread } from './threads/thread.ts'
import { ensureTopics } from './topics.ts'

const DASHBOARD_DIR = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dashboard', 'dist')

const INGEST_STARTING: RoleStatus = { role: 'ingest', state: 'starting', counters: {} }

export interface Weir {
  readonly url: string
  readonly ingestUrl: string
  readonly forwardPort: number
  readonly dataDir: string
  /** Absent without the demo. */
  readonly shopUrl?: string
  /** Drains in the order of the flow: sources first, the broker last. */
  stop(): Promise<void>
}

/**
 * All roles in one process on the embedded adapters: the broker, ingest, the processors and the indexer each in a thread,
 * the API in this one.
 *
 * @param onCrash called if a thread ends by itself; Weir can not go on then
 */
export async function startWeir(given: Config, onCrash: (error: Error) => void): Promise<Weir> {
  const config = { ...given, dataDir: prepareDataDir(given.dataDir) }
  rotateLog(config.dataDir)
  const logger = openLog(config.dataDir, config.logLevel, 'main')
  const folders = foldersOf(config.dataDir)
  const closers: (() => Promise<void>)[] = []
  const stop = async () => {
    while (closers.length > 0) await closers.pop()!()
  }
  const crashed = (name: string, error: Error) => {
    logger.fatal({ err: error }, `thread ${name} crashed`)
    onCrash(
      new Error(`Thread ${name} crashed: ${error.message}. Its last lines are in ${join(config.dataDir, 'weir.log')}.`),
    )
  }

  try {
    const brokerThread = await Thread.start({ name: 'broker', data: { config }, onCrash: crashed })
    closers.push(() => brokerThread.stop())
    const brokerPort = async () => {
      const { port1, port2 } = new MessageChannel()
      await brokerThread.connect(port1)
      return port2
    }
    const startRole = async <Info>(name: string): Promise<Thread<Info>> => {
      const broker = await brokerPort()
      return Thread.start<Info>({ name, data: { config, broker }, transfer: [broker], onCrash: crashed })
    }

    const broker = connectBroker(await brokerPort())
    closers.push(() => broker.close())
    await ensureTopics(broker, config.broker)
    const started = await Promise.allSettled([startRole('indexer'), startRole('processors')])
    for (const one of started) if (one.status === 'fulfilled') closers.push(() => one.value.stop())
    const [indexer, processors] = started.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    }) as [Thread, Thread]

    const stores = {
      metricStore: await openMetricStore({ dir: folders.metrics, readOnly: true }),
      logStore: await openLogStore({ dir: folders.logs, readOnly: true }),
      anomalyStore: await openAnomalyStore({ dir: folders.anomalies }),
      documentStore: await openDocumentStore({ dir: folders.documents, clock: systemClock }),
    }
    closers.push(async () => {
      for (const store of Object.values(stores)) await store.close()
    })

    let ingest: Thread<IngestThreadInfo> | undefined
    const roleThreads = (): Thread[] => [...(ingest ? [ingest] : []), indexer, processors]
    const api: Awaited<ReturnType<typeof startApi>> = await startApi({
      ...stores,
      broker,
      definitions: BUILT_IN_METRICS,
      clock: systemClock,
      roles: async () => [
        ...(ingest ? [] : [INGEST_STARTING]),
        ...(await Promise.all(roleThreads().map((thread) => thread.status()))).flat(),
        api.status(),
      ],
      ingest: () => {
        if (ingest === undefined) return null
        const { httpUrl, forwardAddress } = ingest.info
        return { httpUrl, forwardAddress }
      },
      prometheus: async () => {
        const parts = await Promise.all(roleThreads().map((thread) => thread.metrics()))
        return AggregatorRegistry.aggregate(parts).metrics()
      },
      dashboardDir: DASHBOARD_DIR,
      logger,
      host: config.api.host,
      port: config.api.port,
      allowedHosts: config.api.allowedHosts,
    })
    closers.push(() => api.stop())

    const listening = await startRole<IngestThreadInfo>('ingest')
    closers.push(() => listening.stop())
    ingest = listening
    const running = {
      url: api.url,
      ingestUrl: listening.info.httpUrl,
      forwardPort: listening.info.forwardPort,
      dataDir: config.dataDir,
      stop,
    }
    if (!config.demo.enabled) return running
    const demo = await Thread.start<DemoThreadInfo>({
      name: 'demo',
      data: { config, forwardPort: listening.info.forwardPort },
      onCrash: crashed,
    })
    closers.push(() => demo.stop())
    return { ...running, shopUrl: demo.info.url }
  } catch (error) {
    await stop()
    throw error
  }
}

import { openBroker, serveBroker } from '@weir/adapters/embedded'
import type { Config } from '../config-schema.ts'
import { serveThread } from './serve-thread.ts'

export interface BrokerThreadData {
  readonly dir: string
  readonly durability: Config['broker']['durability']
}

await serveThread<BrokerThreadData>(async ({ dir, durability }) => {
  const broker = await openBroker({ dir, durability })
  return { roles: [], connect: (port) => serveBroker(broker, port), close: () => broker.close() }
})

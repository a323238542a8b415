import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { describeBrokerContract } from '../../contracts/broker.ts'
import type { BrokerUnderTest } from '../../contracts/broker-harness.ts'
import { openBroker } from './broker.ts'
import { connectBroker } from './connect.ts'
import { serveBroker } from './serve.ts'

async function startDirect(): Promise<BrokerUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-broker-'))
  let aheadMs = 0
  const broker = openBroker({ dir: directory, clock: { now: () => Date.now() + aheadMs } })
  return {
    broker,
    sessionTimeoutMs: 400,
    expireRecords: async (ageMs) => {
      aheadMs += ageMs
      await broker.enforceRetention()
    },
    stop: async () => {
      await broker.close()
      await rm(directory, { recursive: true })
    },
  }
}

describeBrokerContract('embedded, in the thread of its owner', { start: startDirect })

describeBrokerContract('embedded, over a message port', {
  start: async () => {
    const { broker, stop, ...rest } = await startDirect()
    const { port1, port2 } = new MessageChannel()
    serveBroker(broker as ReturnType<typeof openBroker>, port1)
    const remote = connectBroker(port2)
    return {
      ...rest,
      broker: remote,
      stop: async () => {
        await remote.close()
        await stop()
      },
    }
  },
})

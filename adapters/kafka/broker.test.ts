import { startKafka, whyUnavailable } from '@weir/test-services'
import { describeBrokerContract } from '../contracts/broker.ts'
import { openKafka } from './broker.ts'

describeBrokerContract('Kafka', {
  unavailable: await whyUnavailable('kafka'),
  start: async () => {
    const kafka = await startKafka()
    const broker = openKafka({ brokers: [kafka.address] })
    return {
      broker,
      sessionTimeoutMs: 3000,
      expireRecords: null,
      stop: async () => {
        await broker.close()
        await kafka.stop()
      },
    }
  },
})

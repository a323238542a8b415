import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { describeGroups } from './broker-groups.ts'
import { type BrokerHarness, BrokerScene, type BrokerUnderTest } from './broker-harness.ts'
import { describeReading } from './broker-reading.ts'
import { describeRecords } from './broker-records.ts'
import { describeRetention } from './broker-retention.ts'
import { describeTopics } from './broker-topics.ts'
import { describeTransactions } from './broker-transactions.ts'

const TIMEOUT_MS = 60_000

/** What every broker adapter must do; run it with one harness per adapter and way of reaching it. */
export function describeBrokerContract(name: string, harness: BrokerHarness): void {
  describe(`broker contract: ${name}`, { timeout: TIMEOUT_MS }, () => {
    let under: BrokerUnderTest
    let scene: BrokerScene
    const note = harness.unavailable ?? null
    beforeAll(async () => {
      if (note === null) under = await harness.start()
    }, TIMEOUT_MS)
    beforeEach(({ skip }) => {
      if (note !== null) skip(note)
      scene = new BrokerScene(under)
    })
    afterEach(() => scene?.close(), TIMEOUT_MS)
    afterAll(() => under?.stop(), TIMEOUT_MS)

    const current = () => scene
    describeTopics(current)
    describeRecords(current)
    describeReading(current)
    describeGroups(current)
    describeTransactions(current)
    describeRetention(current)
  })
}

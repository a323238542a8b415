export { describeBrokerContract } from './broker.ts'
export type { BrokerHarness, BrokerUnderTest } from './broker-harness.ts'

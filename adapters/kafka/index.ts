export { type KafkaBroker, type KafkaBrokerOptions, openKafka } from './broker.ts'
export type { KafkaConfig, SaslConfig, TlsConfig } from './config.ts'
export type { KafkaEvent } from './kafka-event.ts'
export type { KafkaLogger } from './log-creator.ts'

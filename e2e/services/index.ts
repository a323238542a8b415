export { type Skippable, whyUnavailable } from './docker.ts'
export { type KafkaService, SASL_USER, startKafka } from './kafka.ts'

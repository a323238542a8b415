export { type Skippable, whyUnavailable } from './docker.ts'
export { imageOf } from './images.ts'
export { type KafkaService, SASL_USER, startKafka } from './kafka.ts'

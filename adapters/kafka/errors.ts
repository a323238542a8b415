import { type ErrorCode, WeirError } from '@weir/core'

/**
 * What to do about a failed request: `again` after a pause, the broker being busy with it; `refresh` what is known of the
 * cluster, and then again; or `fail`, since it would fail again.
 */
export type Recovery = 'again' | 'refresh' | 'fail'

/** Numbers of the Kafka protocol's errors that the adapter tells apart. */
export const KAFKA_ERRORS = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  topicAlreadyExists: 36,
  outOfOrderSequence: 45,
  unknownProducerId: 59,
} as const

const AGAIN = new Set([
  7, // request timed out, at the broker
  13, // network exception, between brokers
  14, // coordinator load in progress
  19, // not enough replicas
  20, // not enough replicas after append
  51, // concurrent transactions: the one before is still being completed
  56, // storage error
  78, // offset not available, after an election
  88, // unstable offset commit: a transaction with the offsets is not decided
  89, // throttling quota exceeded
])

const REFRESH = new Set([
  KAFKA_ERRORS.unknownTopicOrPartition,
  5, // leader not available
  6, // not leader
  8, // broker not available
  9, // replica not available
  15, // coordinator not available
  16, // not coordinator
  41, // not controller
  74, // fenced leader epoch
  75, // unknown leader epoch
])

const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [KAFKA_ERRORS.offsetOutOfRange, 'WEIR_OFFSET_OUT_OF_RANGE'],
  [2, 'WEIR_STORE_CORRUPT'], // corrupt message
  [KAFKA_ERRORS.unknownTopicOrPartition, 'WEIR_TOPIC_UNKNOWN'],
  [10, 'WEIR_RECORD_TOO_LARGE'], // message too large
  [17, 'WEIR_TOPIC_UNKNOWN'], // invalid topic name
  [18, 'WEIR_RECORD_TOO_LARGE'], // record list too large
  [KAFKA_ERRORS.illegalGeneration, 'WEIR_GROUP_FENCED'],
  [KAFKA_ERRORS.unknownMemberId, 'WEIR_GROUP_FENCED'],
  [KAFKA_ERRORS.rebalanceInProgress, 'WEIR_GROUP_FENCED'],
  [26, 'WEIR_CONFIG_INVALID'], // session time-out outside the broker's bounds
  [29, 'WEIR_CONFIG_INVALID'], // not authorised: topic
  [30, 'WEIR_CONFIG_INVALID'], // not authorised: group
  [31, 'WEIR_CONFIG_INVALID'], // not authorised: cluster
  [32, 'WEIR_RECORD_INVALID'], // timestamp
  [33, 'WEIR_CONFIG_INVALID'], // SASL mechanism
  [35, 'WEIR_CONFIG_INVALID'], // a broker too old or too new
  [37, 'WEIR_CONFIG_INVALID'], // number of partitions
  [38, 'WEIR_CONFIG_INVALID'], // replication factor
  [40, 'WEIR_CONFIG_INVALID'], // topic configuration
  [44, 'WEIR_CONFIG_INVALID'], // policy
  [47, 'WEIR_PRODUCER_FENCED'], // producer epoch
  [48, 'WEIR_TRANSACTION_STATE'],
  [49, 'WEIR_PRODUCER_FENCED'], // the transactional id expired or belongs to another producer
  [50, 'WEIR_CONFIG_INVALID'], // transaction time-out
  [53, 'WEIR_CONFIG_INVALID'], // not authorised: transactional id
  [58, 'WEIR_CONFIG_INVALID'], // SASL
  [KAFKA_ERRORS.unknownProducerId, 'WEIR_PRODUCER_FENCED'],
  [82, 'WEIR_GROUP_FENCED'], // group instance
  [87, 'WEIR_RECORD_INVALID'],
  [90, 'WEIR_PRODUCER_FENCED'],
])

const HINTS: Partial<Record<ErrorCode, string>> = {
  WEIR_BROKER_UNAVAILABLE: 'Check that the brokers run and that this machine reaches their advertised addresses.',
  WEIR_CONFIG_INVALID: 'Check the Kafka settings and what this client is allowed to do.',
  WEIR_GROUP_FENCED: 'The member is out of its group, or a rebalance has passed it by: poll again to rejoin.',
  WEIR_PRODUCER_FENCED: 'A newer producer has its transactional id, or the transaction timed out: make a new one.',
  WEIR_RECORD_TOO_LARGE: "Send smaller records, or raise the topic's max.message.bytes.",
}

/** Errors of kafkajs that speak of the connection, by their names. */
const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
])
const REFUSED_CREDENTIALS = 'KafkaJSSASLAuthenticationError'

/** The number of the protocol error that an error of kafkajs carries; undefined if it carries none. */
export function kafkaCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

export function recoveryFrom(error: unknown): Recovery {
  if (error instanceof WeirError) return error.code === 'WEIR_BROKER_UNAVAILABLE' ? 'refresh' : 'fail'
  if (error instanceof Error && CONNECTION_ERRORS.has(error.name)) return 'refresh'
  const code = kafkaCode(error)
  if (code === undefined) return 'fail'
  if (AGAIN.has(code)) return 'again'
  return REFRESH.has(code) ? 'refresh' : 'fail'
}

/**
 * An error of kafkajs in Weir's terms.
 *
 * @param doing what failed, as the end of "Kafka could not …"
 */
export function toWeirError(error: unknown, doing: string): WeirError {
  if (error instanceof WeirError) return error
  const code = weirCode(error)
  const reason = error instanceof Error ? error.message : String(error)
  const hint = HINTS[code]
  const message = `Kafka could not ${doing}: ${reason.replace(/\.$/, '')}.`
  return new WeirError(code, hint === undefined ? message : `${message} ${hint}`, { cause: error })
}

function weirCode(error: unknown): ErrorCode {
  if (error instanceof Error && error.name === REFUSED_CREDENTIALS) return 'WEIR_CONFIG_INVALID'
  const known = CODES.get(kafkaCode(error) ?? Number.NaN)
  if (known !== undefined) return known
  return recoveryFrom(error) === 'fail' ? 'WEIR_STORE_FAILED' : 'WEIR_BROKER_UNAVAILABLE'
}

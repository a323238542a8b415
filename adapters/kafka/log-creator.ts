/** What kafkajs' lines are written to, such as a pino logger. */
export interface KafkaLogger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

interface KafkaJsEntry {
  readonly namespace: string
  /** 1 error, 2 warn, 4 info, 5 debug. */
  readonly level: number
  readonly log: { readonly message: string; readonly [field: string]: unknown }
}

/**
 * kafkajs calls every failed connection and every error answer an ERROR. The adapter retries those or raises them, and
 * tells of a broker that is away by its state, so they are lines for a developer.
 */
const HANDLED = /^(Connection|Broker|SASL\w*Authenticator|RequestQueue)$/

/** Sends kafkajs' own lines to a logger; lines of what the adapter handles itself at `debug`. */
export function logCreator(logger: KafkaLogger) {
  return () =>
    ({ namespace, level, log }: KafkaJsEntry): void => {
      const { message, ...fields } = log
      logger[levelName(namespace, level)]({ ...fields, part: namespace }, `kafkajs: ${message}`)
    }
}

function levelName(namespace: string, level: number): keyof KafkaLogger {
  if (HANDLED.test(namespace) || level >= 5) return 'debug'
  if (level >= 4) return 'info'
  return level >= 2 ? 'warn' : 'error'
}

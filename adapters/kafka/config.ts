import { WeirError } from '@weir/core'
import { COMPRESSIONS, type Compression } from './records/compression.ts'

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

export interface KafkaConfig {
  /** `host:port` of some brokers of the cluster; it tells the others. */
  readonly brokers: readonly string[]
  /** Name in the brokers' logs and quotas; default `weir`. */
  readonly clientId?: string
  /** `true`: TLS with the system's authorities. Texts are PEM. */
  readonly tls?: boolean | TlsConfig
  readonly sasl?: SaslConfig
  /** Copies of each topic that Weir makes; absent: the brokers' `default.replication.factor`. */
  readonly replicationFactor?: number
  /** Of what Weir writes; default `gzip`. */
  readonly compression?: Compression
  /** After this long without an answer a producer gives a batch up. ms, default 120_000 */
  readonly deliveryTimeoutMs?: number
  /** The brokers abort a transaction that is open for longer. ms, default 60_000 */
  readonly transactionTimeoutMs?: number
}

export interface TlsConfig {
  /** Authorities to trust instead of the system's. */
  readonly ca?: string
  /** Of this client, where the brokers ask for one. */
  readonly cert?: string
  readonly key?: string
  /** Name that the brokers' certificates are for, where it is not the host's. */
  readonly serverName?: string
}

export interface SaslConfig {
  readonly mechanism: (typeof SASL_MECHANISMS)[number]
  readonly username: string
  readonly password: string
}

/** {@link KafkaConfig} with nothing left to default. */
export interface KafkaSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[]
  readonly clientId: string
  readonly tls: TlsConfig | null
  readonly sasl: SaslConfig | null
  readonly replicationFactor: number
  readonly compression: Compression
  readonly deliveryTimeoutMs: number
  readonly transactionTimeoutMs: number
}

/** Kafka's word for its own default. */
const BROKERS_DEFAULT = -1
const ADDRESS = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^\s:/[\]]+)):(?<port>\d{1,5})$/

/** @throws WEIR_CONFIG_INVALID with every problem */
export function kafkaSettings(config: KafkaConfig): KafkaSettings {
  const problems = [...brokerProblems(config), ...valueProblems(config), ...securityProblems(config)]
  if (problems.length > 0) throw new WeirError('WEIR_CONFIG_INVALID', `Kafka: ${problems.join('; ')}.`)
  return {
    brokers: config.brokers.map((address) => parseAddress(address)!),
    clientId: config.clientId ?? 'weir',
    tls: config.tls === undefined || config.tls === false ? null : config.tls === true ? {} : config.tls,
    sasl: config.sasl ?? null,
    replicationFactor: config.replicationFactor ?? BROKERS_DEFAULT,
    compression: config.compression ?? 'gzip',
    deliveryTimeoutMs: config.deliveryTimeoutMs ?? 120_000,
    transactionTimeoutMs: config.transactionTimeoutMs ?? 60_000,
  }
}

function parseAddress(address: string): { host: string; port: number } | null {
  const groups = ADDRESS.exec(address)?.groups
  if (groups === undefined) return null
  const port = Number(groups.port)
  return port >= 1 && port <= 65_535 ? { host: (groups.v6 ?? groups.host)!, port } : null
}

function* brokerProblems({ brokers }: KafkaConfig): Generator<string> {
  if (brokers.length === 0) yield 'brokers: name one at least, as host:port'
  for (const address of brokers) {
    if (parseAddress(address) === null) yield `brokers: "${address}" is not host:port, such as kafka-1:9092`
  }
}

function* valueProblems(config: KafkaConfig): Generator<string> {
  const { replicationFactor, compression, deliveryTimeoutMs, transactionTimeoutMs } = config
  if (replicationFactor !== undefined && !(Number.isInteger(replicationFactor) && replicationFactor >= 1)) {
    yield `replicationFactor: ${replicationFactor} is not a whole number from 1`
  }
  if (compression !== undefined && !COMPRESSIONS.includes(compression)) {
    yield `compression: "${compression}" is none of ${COMPRESSIONS.join(', ')}`
  }
  for (const [name, valueMs] of Object.entries({ deliveryTimeoutMs, transactionTimeoutMs })) {
    if (valueMs !== undefined && !(Number.isInteger(valueMs) && valueMs >= 1000)) {
      yield `${name}: ${valueMs} is not a whole number of ms from 1000`
    }
  }
}

function* securityProblems({ tls, sasl }: KafkaConfig): Generator<string> {
  if (typeof tls === 'object' && (tls.cert === undefined) !== (tls.key === undefined)) {
    yield 'tls: cert and key are given together or not at all'
  }
  if (sasl === undefined) return
  if (!SASL_MECHANISMS.includes(sasl.mechanism)) {
    yield `sasl.mechanism: "${sasl.mechanism}" is none of ${SASL_MECHANISMS.join(', ')}`
  }
  if (sasl.username === '' || sasl.password === '') yield 'sasl: username and password are needed'
}

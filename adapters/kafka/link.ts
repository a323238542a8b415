import { isIP, type Socket, connect as tcpConnect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as tlsConnect } from 'node:tls'
import { WeirError } from '@weir/core'
import KafkaJsBroker from 'kafkajs/src/broker/index.js'
import { createLogger } from 'kafkajs/src/loggers/index.js'
import ConnectionPool, { type Connection, type ProtocolCall } from 'kafkajs/src/network/connectionPool.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { backoffMs } from './backoff.ts'
import type { KafkaSettings } from './config.ts'
import { KAFKA_ERRORS, recoveryFrom, toWeirError } from './errors.ts'
import type { KafkaEvent } from './kafka-event.ts'
import { type KafkaLogger, logCreator } from './log-creator.ts'
import { type ClusterMetadata, metadataCall, type TopicMetadata } from './requests/metadata.ts'

const CONNECT_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_DELAY_MS = 60_000
/** How long something fails before an event tells of it, and until the next one. */
const RETRYING_EVENT_MS = 10_000
const FETCH_API_KEY = 1
const COORDINATOR_TYPES = { group: 0, transaction: 1 } as const
/** A topic just made may not be known to every broker yet. */
const UNKNOWN_TOPIC_RETRY_MS = 300
/** No error, and no such topic. */
const MISSING = new Set<number>([0, KAFKA_ERRORS.unknownTopicOrPartition])
const IDLE = Promise.resolve()

export interface LinkOptions {
  readonly settings: KafkaSettings
  /** Names the client in events. */
  readonly client: string
  readonly logger: KafkaLogger
  readonly onEvent: (event: KafkaEvent) => void
}

/**
 * One client's connections to the cluster: which broker to ask for what, and the retries. Producers and consumers have one
 * each, since a broker answers the requests of one connection in turn, and some wait long.
 */
export class KafkaLink {
  readonly #options: LinkOptions
  readonly #kafkaJsLogger: unknown
  readonly #closing = new AbortController()
  readonly #sockets = new Set<Socket>()
  readonly #nodes = new Map<number, KafkaJsBroker>()
  readonly #topics = new Map<string, TopicMetadata>()
  readonly #coordinators = new Map<string, number>()
  readonly #connecting = new Map<Connection, Promise<unknown>>()
  #controllerId = -1
  #isStale = true
  /** One question at a time: what waits behind another is often answered by it. */
  #learning: Promise<void> = IDLE
  #state: 'new' | 'connected' | 'disconnected' = 'new'

  constructor(options: LinkOptions) {
    this.#options = options
    this.#kafkaJsLogger = createLogger({ level: 5, logCreator: logCreator(options.logger) })
  }

  /** Aborted when the link closes. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  get isConnected(): boolean {
    return this.#state === 'connected'
  }

  /**
   * Does the attempt until it succeeds or fails for good, with growing pauses.
   *
   * @param doing what it does, as the end of "Kafka could not …"
   * @throws WEIR_CLOSED when the link closes, WEIR_BROKER_UNAVAILABLE when the time is over
   */
  async retrying<T>(doing: string, attempt: () => Promise<T>, giveUpAfterMs = Number.POSITIVE_INFINITY): Promise<T> {
    const startedMs = performance.now()
    let toldMs = startedMs
    for (let failures = 1; ; failures++) {
      this.refuseIfClosed()
      try {
        return await attempt()
      } catch (error) {
        this.refuseIfClosed()
        const recovery = recoveryFrom(error)
        if (recovery === 'fail' || performance.now() - startedMs >= giveUpAfterMs) throw toWeirError(error, doing)
        if (recovery === 'refresh') this.forget()
        if (performance.now() - toldMs >= RETRYING_EVENT_MS) {
          toldMs = performance.now()
          this.#options.onEvent({ kind: 'retrying', client: this.#options.client, doing, reason: reasonOf(error) })
        }
        await this.pause(backoffMs(recovery, failures, Math.random()))
      }
    }
  }

  /** Resolves after the time, or at once when the link closes. */
  async pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.signal }).catch((error: unknown) => {
      if (!this.signal.aborted) throw error
    })
  }

  refuseIfClosed(): void {
    if (this.signal.aborted) throw new WeirError('WEIR_CLOSED', `The ${this.#options.client} was closed.`)
  }

  /** Makes the next question ask the cluster again who leads and coordinates what. */
  forget(): void {
    this.#topics.clear()
    this.#coordinators.clear()
    this.#controllerId = -1
    this.#isStale = true
  }

  /** @throws WEIR_TOPIC_UNKNOWN */
  async topic(topic: string): Promise<TopicMetadata> {
    const known = this.#topics.get(topic) ?? (await this.findTopic(topic))
    if (known !== null) return known
    await this.pause(UNKNOWN_TOPIC_RETRY_MS)
    const found = await this.findTopic(topic)
    if (found !== null) return found
    throw new WeirError('WEIR_TOPIC_UNKNOWN', `There is no topic ${topic}: make it first.`)
  }

  /** The topic as the cluster has it now; null if it has none of the name. */
  async findTopic(topic: string): Promise<TopicMetadata | null> {
    await this.#learn([topic])
    return this.#topics.get(topic) ?? null
  }

  /** The broker that leads the partition. @throws WEIR_TOPIC_UNKNOWN */
  async leader(topic: string, partition: number): Promise<KafkaJsBroker> {
    const { partitions } = await this.topic(topic)
    const found = partitions[partition]
    if (found === undefined) {
      throw new WeirError(
        'WEIR_TOPIC_UNKNOWN',
        `Topic ${topic} has no partition ${partition}: it has ${partitions.length}, counted from 0.`,
      )
    }
    return this.node(found.leader)
  }

  /** The broker that keeps the group's, or the transactional id's, state. */
  async coordinator(of: keyof typeof COORDINATOR_TYPES, id: string): Promise<KafkaJsBroker> {
    const key = `${of} ${id}`
    const known = this.#coordinators.get(key)
    if (known !== undefined) return this.node(known)
    const broker = await this.anyNode()
    const { coordinator } = await broker.findGroupCoordinator({ groupId: id, coordinatorType: COORDINATOR_TYPES[of] })
    if (!this.#nodes.has(coordinator.nodeId)) await this.#learn([])
    this.#coordinators.set(key, coordinator.nodeId)
    return this.node(coordinator.nodeId)
  }

  async controller(): Promise<KafkaJsBroker> {
    if (this.#controllerId < 0) await this.#learn([])
    return this.node(this.#controllerId)
  }

  async node(nodeId: number): Promise<KafkaJsBroker> {
    const broker = this.#nodes.get(nodeId)
    if (broker === undefined) {
      throw new WeirError('WEIR_BROKER_UNAVAILABLE', `Broker ${nodeId} is not among those that the cluster names now.`)
    }
    return this.#connected(broker)
  }

  async anyNode(): Promise<KafkaJsBroker> {
    if (this.#isStale) await this.#learn([])
    const nodes = [...this.#nodes.values()]
    const broker = nodes.find((each) => each.isConnected()) ?? nodes[Math.floor(Math.random() * nodes.length)]
    if (broker === undefined) throw new WeirError('WEIR_BROKER_UNAVAILABLE', 'The cluster names no broker.')
    return this.#connected(broker)
  }

  async send<Answer>(broker: KafkaJsBroker, call: ProtocolCall<Answer>): Promise<Answer> {
    const connection = broker.connectionPool.pool[call.request.apiKey === FETCH_API_KEY ? 1 : 0]
    await this.#open(connection)
    return connection.send(call)
  }

  /** Ends the connections at once; what waits for an answer fails. */
  async close(): Promise<void> {
    this.#closing.abort()
    for (const socket of this.#sockets) socket.destroy(new Error('The client was closed.'))
    await Promise.all([...this.#nodes.values()].map((broker) => broker.disconnect()))
  }

  /** Asks for the cluster's nodes, and for the topics asked for so far with the given ones. */
  async #learn(topics: readonly string[]): Promise<void> {
    const before = this.#learning
    const learning = (async () => {
      await before.catch(() => undefined)
      if (before !== IDLE && topics.every((topic) => this.#topics.has(topic)) && !this.#isStale) return
      await this.#refresh([...new Set([...this.#topics.keys(), ...topics])])
    })()
    this.#learning = learning
    try {
      await learning
      this.#noteState('connected')
    } catch (error) {
      this.#noteState('disconnected', reasonOf(error))
      throw error
    } finally {
      if (this.#learning === learning) this.#learning = IDLE
    }
  }

  async #refresh(topics: readonly string[]): Promise<void> {
    let failure: unknown
    for (const ask of this.#whomToAsk()) {
      try {
        const broker = await ask()
        const metadata = await this.send(broker, metadataCall(topics))
        this.#adopt(metadata, broker)
        return
      } catch (error) {
        if (recoveryFrom(error) === 'fail') throw error
        failure = error
      }
    }
    throw failure
  }

  /** Connected brokers first, then the others, then the configured ones, in case all known addresses are old. */
  *#whomToAsk(): Generator<() => Promise<KafkaJsBroker>> {
    const nodes = [...this.#nodes.values()].sort((a, b) => Number(b.isConnected()) - Number(a.isConnected()))
    for (const broker of nodes) yield () => this.#connected(broker)
    for (const { host, port } of this.#options.settings.brokers) {
      yield async () => {
        const seed = this.#makeBroker(host, port)
        try {
          return await this.#connected(seed)
        } catch (error) {
          await seed.disconnect()
          throw error
        }
      }
    }
  }

  #adopt({ nodes, topics, controllerId }: ClusterMetadata, asked: KafkaJsBroker): void {
    const unused = new Set([...this.#nodes.values(), asked])
    const current = new Map<number, KafkaJsBroker>()
    for (const { nodeId, host, port } of nodes) {
      const lives = ({ connectionPool }: KafkaJsBroker) => connectionPool.host === host && connectionPool.port === port
      const broker = [this.#nodes.get(nodeId), asked].find(
        (each) => each !== undefined && lives(each) && unused.has(each),
      )
      if (broker !== undefined) unused.delete(broker)
      current.set(nodeId, broker ?? this.#makeBroker(host, port, nodeId))
    }
    this.#nodes.clear()
    for (const [nodeId, broker] of current) this.#nodes.set(nodeId, broker)
    // Requests on their way are answered before the connection ends.
    for (const broker of unused) void broker.disconnect()
    this.#controllerId = controllerId
    this.#isStale = false
    for (const topic of topics) {
      if (topic.errorCode === 0) this.#topics.set(topic.topic, topic)
      else this.#topics.delete(topic.topic)
      if (!MISSING.has(topic.errorCode)) throw createErrorFromCode(topic.errorCode)
    }
  }

  #makeBroker(host: string, port: number, nodeId?: number): KafkaJsBroker {
    const { clientId, sasl, tls } = this.#options.settings
    const { serverName, ...material } = tls ?? {}
    const connectionPool = new ConnectionPool({
      host,
      port,
      clientId,
      ssl: tls === null ? null : { ...material, ...(serverName === undefined ? {} : { servername: serverName }) },
      // kafkajs keeps an authenticator with the credentials in the object.
      sasl: sasl === null ? null : { ...sasl },
      socketFactory: (options: SocketOptions) => this.#makeSocket(options),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      logger: this.#kafkaJsLogger,
    })
    for (const { requestQueue } of connectionPool.pool) {
      // kafkajs sets a timer of negative delay after each answer, of which Node warns; it is for waiting requests only.
      const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue)
      requestQueue.scheduleCheckPendingRequests = () => {
        if (requestQueue.pending.length > 0) schedule()
      }
    }
    const allowAutoTopicCreation = false
    return new KafkaJsBroker({
      connectionPool,
      logger: this.#kafkaJsLogger,
      allowAutoTopicCreation,
      ...(nodeId === undefined ? {} : { nodeId }),
    })
  }

  #makeSocket({ host, port, ssl, onConnect }: SocketOptions): Socket {
    const named = isIP(host) === 0 ? { servername: host } : {}
    const socket =
      ssl === null ? tcpConnect({ host, port }, onConnect) : tlsConnect({ host, port, ...named, ...ssl }, onConnect)
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS)
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  async #connected(broker: KafkaJsBroker): Promise<KafkaJsBroker> {
    this.refuseIfClosed()
    if (!broker.isConnected()) await broker.connect()
    await this.#open(broker.connectionPool.pool[0])
    return broker
  }

  /** kafkajs would open a connection twice if two requests found it closed. */
  async #open(connection: Connection): Promise<void> {
    if (connection.isConnected()) return
    const connecting = this.#connecting.get(connection) ?? connection.connect()
    this.#connecting.set(connection, connecting)
    try {
      await connecting
    } finally {
      this.#connecting.delete(connection)
    }
  }

  #noteState(state: 'connected' | 'disconnected', reason = ''): void {
    if (this.#state === state || this.signal.aborted) return
    this.#state = state
    const { client, onEvent } = this.#options
    onEvent(state === 'connected' ? { kind: state, client } : { kind: state, client, reason })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface SocketOptions {
  readonly host: string
  readonly port: number
  readonly ssl: Record<string, unknown> | null
  readonly onConnect: () => void
}

import {
  type Broker,
  type ConsumerOptions,
  type Producer,
  type TopicDescription,
  type TopicSpec,
  WeirError,
} from '@weir/core'
import { type KafkaConfig, type KafkaSettings, kafkaSettings } from './config.ts'
import { KafkaConsumer } from './consumer.ts'
import type { KafkaEvent } from './kafka-event.ts'
import { KafkaLink } from './link.ts'
import type { KafkaLogger } from './log-creator.ts'
import { KafkaProducer } from './producer.ts'
import { committedOffsets } from './starting-offsets.ts'
import { describeTopic, ensureTopic } from './topics.ts'
import { KafkaTransactionalProducer } from './transactional-producer.ts'

/** How long a question about topics and offsets may be tried: somebody waits for its answer. */
const ADMIN_TIMEOUT_MS = 30_000

export interface KafkaBrokerOptions extends KafkaConfig {
  readonly onEvent?: (event: KafkaEvent) => void
  /** For kafkajs' own lines. */
  readonly logger?: KafkaLogger
}

const noLogger: KafkaLogger = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * A Kafka cluster (3.7 to 4.x) as Weir's broker. Nothing is asked of it yet, so a cluster that is away is no error here:
 * what starts a client (`ensureTopic`, `producer`, `transactionalProducer`, `consumer`) waits until the cluster is there,
 * and events tell of the waiting.
 *
 * @throws WEIR_CONFIG_INVALID with every problem of the configuration
 */
export function openKafka({ onEvent = () => {}, logger = noLogger, ...config }: KafkaBrokerOptions): KafkaBroker {
  return new KafkaBroker(kafkaSettings(config), onEvent, logger)
}

export class KafkaBroker implements Broker {
  readonly #settings: KafkaSettings
  readonly #onEvent: (event: KafkaEvent) => void
  readonly #logger: KafkaLogger
  readonly #admin: KafkaLink
  /** Of clients that are being started, and could be waiting for the cluster. */
  readonly #starting = new Set<KafkaLink>()

  constructor(settings: KafkaSettings, onEvent: (event: KafkaEvent) => void, logger: KafkaLogger) {
    this.#settings = settings
    this.#onEvent = onEvent
    this.#logger = logger
    this.#admin = this.#link('admin client')
  }

  async ensureTopic(spec: TopicSpec): Promise<void> {
    await ensureTopic(this.#admin, spec, this.#settings.replicationFactor, this.#onEvent)
  }

  /** As {@link Broker.describeTopic}. @throws WEIR_BROKER_UNAVAILABLE after 30 s */
  async describeTopic(topic: string): Promise<TopicDescription> {
    return this.#admin.retrying(`describe topic ${topic}`, () => describeTopic(this.#admin, topic), ADMIN_TIMEOUT_MS)
  }

  /**
   * As {@link Broker.committedOffsets}. Offsets of a transaction appear some milliseconds after its commit.
   *
   * @throws WEIR_BROKER_UNAVAILABLE after 30 s
   */
  async committedOffsets(groupId: string, topic: string): Promise<Map<number, number>> {
    const ask = async () => {
      const { partitions } = await this.#admin.topic(topic)
      const wanted = partitions.map(({ partition }) => ({ topic, partition }))
      return committedOffsets(this.#admin, groupId, wanted, false)
    }
    const offsets = await this.#admin.retrying(`read the offsets of group ${groupId}`, ask, ADMIN_TIMEOUT_MS)
    return new Map(offsets.map(({ partition, offset }) => [partition, offset]))
  }

  async producer(): Promise<Producer> {
    return new KafkaProducer(this.#link('producer'), this.#settings)
  }

  async transactionalProducer(transactionalId: string): Promise<KafkaTransactionalProducer> {
    return this.#start(`transactional producer ${transactionalId}`, (link) =>
      KafkaTransactionalProducer.start(link, this.#settings, transactionalId),
    )
  }

  /** @throws WEIR_TOPIC_UNKNOWN, and WEIR_CONFIG_INVALID without a topic */
  async consumer(options: ConsumerOptions): Promise<KafkaConsumer> {
    const { topics, groupId } = options
    if (topics.length === 0) throw new WeirError('WEIR_CONFIG_INVALID', 'A consumer needs one topic at least.')
    return this.#start(groupId === undefined ? 'consumer' : `consumer of group ${groupId}`, async (link) => {
      for (const topic of topics) await link.retrying(`look up topic ${topic}`, () => link.topic(topic))
      return new KafkaConsumer(link, options, this.#onEvent)
    })
  }

  async close(): Promise<void> {
    await this.#admin.close()
    for (const link of this.#starting) await link.close()
  }

  async #start<Client>(client: string, start: (link: KafkaLink) => Promise<Client>): Promise<Client> {
    const link = this.#link(client)
    this.#starting.add(link)
    try {
      return await start(link)
    } catch (error) {
      await link.close()
      throw error
    } finally {
      this.#starting.delete(link)
    }
  }

  #link(client: string): KafkaLink {
    return new KafkaLink({ settings: this.#settings, client, logger: this.#logger, onEvent: this.#onEvent })
  }
}

import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers'
import { freePort } from './free-port.ts'
import { imageOf } from './images.ts'

const CONFIG_PATH = '/mnt/shared/config/server.properties'
const CLIENT_PORT = 9092
const SASL_PORT = 9094
const STARTED = /Kafka Server started|started \(kafka\.server\.KafkaRaftServer\)/
const START_TIMEOUT_MS = 60_000

export const SASL_USER = { username: 'weir', password: 'weir-secret' } as const

/** One Kafka broker in a container, with client ports that stay the same over restarts. */
export interface KafkaService {
  /** `host:port` for clients without TLS and SASL. */
  readonly address: string
  /** `host:port` for clients that log in as {@link SASL_USER} (PLAIN), without TLS. */
  readonly saslAddress: string
  /** As a crash does: SIGKILL, what was not written stays unwritten. */
  kill(): Promise<void>
  /** Starts a killed broker again, on the same data and ports. */
  restart(): Promise<void>
  /** Freezes the whole broker, and thaws it. */
  pause(): Promise<void>
  unpause(): Promise<void>
  stop(): Promise<void>
}

/** Starts a broker that answers at once to tests: short sessions, no delay before rebalances. */
export async function startKafka(): Promise<KafkaService> {
  const [clientPort, saslPort] = [await freePort(), await freePort()]
  const container = await new GenericContainer(imageOf('kafka'))
    .withCopyContentToContainer([{ content: serverProperties(clientPort, saslPort), target: CONFIG_PATH, mode: 0o644 }])
    .withEnvironment({ KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m' })
    .withExposedPorts({ container: CLIENT_PORT, host: clientPort }, { container: SASL_PORT, host: saslPort })
    .withWaitStrategy(Wait.forLogMessage(STARTED).withStartupTimeout(START_TIMEOUT_MS))
    .start()
  return service(container, clientPort, saslPort)
}

async function service(container: StartedTestContainer, clientPort: number, saslPort: number): Promise<KafkaService> {
  const client = await getContainerRuntimeClient()
  const handle = client.container.getById(container.getId())
  const host = container.getHost()
  return {
    address: `${host}:${clientPort}`,
    saslAddress: `${host}:${saslPort}`,
    kill: async () => {
      await handle.kill({ signal: 'SIGKILL' })
      await handle.wait()
    },
    restart: () => handle.start(),
    pause: () => handle.pause(),
    unpause: () => handle.unpause(),
    stop: async () => {
      await container.stop({ timeout: 0 })
    },
  }
}

/** The broker asks itself about transactions by INTERNAL, since the advertised ports are the host's. */
function serverProperties(clientPort: number, saslPort: number): string {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
  const { username, password } = SASL_USER
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://0.0.0.0:${CLIENT_PORT},SASL://0.0.0.0:${SASL_PORT},INTERNAL://localhost:9095,CONTROLLER://localhost:9093
advertised.listeners=PLAINTEXT://localhost:${clientPort},SASL://localhost:${saslPort},INTERNAL://localhost:9095
listener.security.protocol.map=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT
inter.broker.listener.name=INTERNAL
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config=${login} user_${username}="${password}";
log.dirs=/tmp/kafka-logs
num.partitions=1
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
`
}

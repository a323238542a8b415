import {
  type Broker,
  type Clock,
  DEAD_LETTER_HEADERS,
  type ErrorCode,
  type LogRecord,
  type Producer,
  RecordBatchBuilder,
  TOPICS,
  WeirError,
} from '@weir/core'
import { ByteBudget } from './byte-budget.ts'

const MAX_BATCH_BYTES = 1024 * 1024
const MAX_BATCH_RECORDS = 2000
const MAX_DEAD_LETTER_BYTES = 64 * 1024
/** Encoded bytes under way to the broker past which {@link LogSink.pace} makes its caller wait. */
const PACE_BYTES = 8 * 1024 * 1024

export interface DeadLetter {
  /** The record as it came; its first 64 KiB are kept. */
  readonly bytes: Uint8Array
  /** `http` or `forward` */
  readonly source: string
  readonly code: ErrorCode
  readonly reason: string
  readonly service: string
}

/** One caller's records on their way: settled once the broker has all of them, or refuses one. */
export interface Submission {
  add(record: LogRecord): void
  addDeadLetter(letter: DeadLetter): void
  readonly recordCount: number
  readonly deadLetterCount: number
  /**
   * Nothing is added after this call.
   *
   * @throws what the broker threw; some of the records may have been stored all the same
   */
  stored(): Promise<void>
}

/** Collects records of all callers into batches for topic `logs`, each to the next partition. */
export class LogSink {
  readonly #clock: Clock
  readonly #producer: Producer
  readonly #lingerMs: number
  readonly #budget: ByteBudget
  readonly #logs: Lane
  readonly #deadLetters: Lane
  #sending = new Set<Promise<void>>()
  #sendingBytes = 0
  #paced: (() => void)[] = []
  #closed = false

  private constructor(options: SinkOptions, producer: Producer, logPartitions: number, deadLetterPartitions: number) {
    this.#clock = options.clock
    this.#producer = producer
    this.#lingerMs = options.lingerMs
    this.#budget = new ByteBudget(options.maxInFlightBytes)
    this.#logs = new Lane(TOPICS.logs, logPartitions)
    this.#deadLetters = new Lane(TOPICS.logsDeadLetter, deadLetterPartitions)
  }

  /** @throws WEIR_TOPIC_UNKNOWN if the topics `logs` and `logs.dead-letter` are not there */
  static async open(options: SinkOptions): Promise<LogSink> {
    const [logs, deadLetters] = await Promise.all([
      options.broker.describeTopic(TOPICS.logs),
      options.broker.describeTopic(TOPICS.logsDeadLetter),
    ])
    const producer = await options.broker.producer()
    return new LogSink(options, producer, logs.partitions.length, deadLetters.partitions.length)
  }

  /**
   * Begins a submission that holds `bytes` of the bound on bytes in flight until it is settled.
   *
   * @throws WEIR_OVERLOADED if they do not fit now, WEIR_CLOSED
   */
  open(bytes: number): Submission {
    this.#checkOpen()
    if (!this.#budget.tryReserve(bytes)) {
      const usedMiB = Math.ceil(this.#budget.usedBytes / (1024 * 1024))
      throw new WeirError(
        'WEIR_OVERLOADED',
        `${usedMiB} MiB wait for the broker, of at most ${this.#budget.maxBytes / (1024 * 1024)}: send again in a second.`,
      )
    }
    return this.#submission(bytes)
  }

  /**
   * As {@link open}, but waits for its turn.
   *
   * @throws WEIR_CLOSED
   */
  async openWhenRoom(bytes: number): Promise<Submission> {
    await this.#budget.reserve(bytes)
    if (this.#closed) this.#budget.release(bytes)
    this.#checkOpen()
    return this.#submission(bytes)
  }

  /** Resolves when little enough is under way to the broker; between two slices of a large message. */
  pace(): Promise<void> {
    if (this.#sendingBytes < PACE_BYTES) return new Promise((resolve) => setImmediate(resolve))
    return new Promise((resolve) => this.#paced.push(resolve))
  }

  /** Sends what is collected, waits for the broker's answers, closes the producer. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#flush(this.#logs)
    this.#flush(this.#deadLetters)
    await Promise.all(this.#sending)
    await this.#producer.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new WeirError('WEIR_CLOSED', 'Ingest is stopping; send again after its restart.')
  }

  #submission(bytes: number): Submission {
    return new OpenSubmission({
      addRecord: (record, submission) => {
        const lane = this.#logs
        lane.builder.appendText(record.service, JSON.stringify(record), record.observedTimeMs)
        this.#joined(lane, submission)
      },
      addDeadLetter: (letter, submission) => {
        const lane = this.#deadLetters
        const nowMs = this.#clock.now()
        lane.builder.append(null, letter.bytes.subarray(0, MAX_DEAD_LETTER_BYTES), nowMs, {
          [DEAD_LETTER_HEADERS.source]: letter.source,
          [DEAD_LETTER_HEADERS.code]: letter.code,
          [DEAD_LETTER_HEADERS.reason]: letter.reason,
          [DEAD_LETTER_HEADERS.timeMs]: String(nowMs),
          [DEAD_LETTER_HEADERS.service]: letter.service,
        })
        this.#joined(lane, submission)
      },
      settled: () => this.#budget.release(bytes),
    })
  }

  #joined(lane: Lane, submission: OpenSubmission): void {
    if (lane.newest !== submission) {
      lane.newest = submission
      if (!lane.submissions.has(submission)) {
        lane.submissions.add(submission)
        submission.joinBatch()
      }
    }
    if (lane.builder.count >= MAX_BATCH_RECORDS || lane.builder.sizeBytes >= MAX_BATCH_BYTES || this.#closed) {
      this.#flush(lane)
    } else if (lane.timer === undefined) {
      lane.timer = setTimeout(() => this.#flush(lane), this.#lingerMs)
    }
  }

  #flush(lane: Lane): void {
    clearTimeout(lane.timer)
    lane.timer = undefined
    if (lane.builder.count === 0) return
    const bytes = lane.builder.sizeBytes
    const submissions = lane.submissions
    const partition = lane.nextPartition
    lane.nextPartition = (partition + 1) % lane.partitions
    lane.submissions = new Set()
    lane.newest = undefined
    this.#sendingBytes += bytes
    const sending = this.#producer
      .send(lane.topic, partition, lane.builder.build())
      .then(
        () => settleAll(submissions, undefined),
        (error: unknown) => settleAll(submissions, error ?? new WeirError('WEIR_STORE_FAILED', 'The broker failed.')),
      )
      .finally(() => {
        this.#sending.delete(sending)
        this.#sendingBytes -= bytes
        if (this.#sendingBytes < PACE_BYTES) for (const resume of this.#paced.splice(0)) resume()
      })
    this.#sending.add(sending)
  }
}

export interface SinkOptions {
  readonly broker: Broker
  readonly clock: Clock
  /** Bound on the bytes of unsettled submissions. */
  readonly maxInFlightBytes: number
  /** A batch waits this long for more records. */
  readonly lingerMs: number
}

/** The batch being collected for one topic. */
class Lane {
  readonly topic: string
  readonly partitions: number
  readonly builder = new RecordBatchBuilder()
  nextPartition = 0
  submissions = new Set<OpenSubmission>()
  newest: OpenSubmission | undefined
  timer: NodeJS.Timeout | undefined

  constructor(topic: string, partitions: number) {
    this.topic = topic
    this.partitions = partitions
  }
}

function settleAll(submissions: ReadonlySet<OpenSubmission>, error: unknown): void {
  for (const submission of submissions) submission.leaveBatch(error)
}

interface SubmissionPorts {
  readonly addRecord: (record: LogRecord, submission: OpenSubmission) => void
  readonly addDeadLetter: (letter: DeadLetter, submission: OpenSubmission) => void
  readonly settled: () => void
}

class OpenSubmission implements Submission {
  recordCount = 0
  deadLetterCount = 0
  readonly #ports: SubmissionPorts
  readonly #outcome = Promise.withResolvers<void>()
  #batches = 0
  #sealed = false
  #error: unknown

  constructor(ports: SubmissionPorts) {
    this.#ports = ports
  }

  add(record: LogRecord): void {
    this.recordCount++
    this.#ports.addRecord(record, this)
  }

  addDeadLetter(letter: DeadLetter): void {
    this.deadLetterCount++
    this.#ports.addDeadLetter(letter, this)
  }

  stored(): Promise<void> {
    this.#sealed = true
    this.#settle()
    return this.#outcome.promise
  }

  joinBatch(): void {
    this.#batches++
  }

  leaveBatch(error: unknown): void {
    this.#batches--
    this.#error ??= error
    this.#settle()
  }

  #settle(): void {
    if (!this.#sealed || this.#batches > 0) return
    this.#ports.settled()
    if (this.#error === undefined) this.#outcome.resolve()
    else this.#outcome.reject(this.#error)
  }
}

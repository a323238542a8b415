import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Consumer, TransactionalProducer } from '@weir/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { batchOf, recordsOf } from '../../contracts/broker-harness.ts'
import { type EmbeddedBroker, openBroker } from './broker.ts'

const TOPIC = 't'
const PARTITIONS = 2
const POLL = { maxWaitMs: 0, maxBytes: 1024 * 1024 }

const partition = fc.nat(PARTITIONS - 1)
const count = fc.integer({ min: 1, max: 4 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), partition, count }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send in transaction' as const), partition, count }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('send offsets' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('poll' as const), maxBytes: fc.constantFrom(1, 30, 10_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit offsets' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The broker as it would be in a perfect world: arrays. */
interface Model {
  readonly log: string[][]
  readonly positions: number[]
  readonly committed: Map<number, number>
  open: { batches: { partition: number; values: string[] }[]; offsets: Map<number, number> } | null
}

it('behaves as a plain model does, over random interleavings with reopenings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const directory = await mkdtemp(join(tmpdir(), 'weir-model-'))
      const run = new Run(directory)
      try {
        await run.open()
        for (const each of steps) await run.take(each)
        await run.compareAll()
      } finally {
        await run.broker.close()
        await rm(directory, { recursive: true })
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)

class Run {
  broker!: EmbeddedBroker
  #producer!: TransactionalProducer
  #consumer!: Consumer
  readonly #directory: string
  #written = 0
  readonly #model: Model = {
    log: Array.from({ length: PARTITIONS }, () => []),
    positions: new Array<number>(PARTITIONS).fill(0),
    committed: new Map(),
    open: null,
  }

  constructor(directory: string) {
    this.#directory = directory
  }

  async open(): Promise<void> {
    this.broker = openBroker({ dir: this.#directory, maxSegmentBytes: 300 })
    await this.broker.ensureTopic({ topic: TOPIC, partitions: PARTITIONS })
    this.#producer = await this.broker.transactionalProducer('tx')
    this.#consumer = await this.broker.consumer({ groupId: 'g', topics: [TOPIC], startAt: 'earliest' })
    // Takes the assignment, then goes back to where the model is.
    await this.#consumer.poll({ maxWaitMs: 0, maxBytes: 1 })
    for (let at = 0; at < PARTITIONS; at++) {
      this.#model.positions[at] = this.#model.committed.get(at) ?? 0
      this.#consumer.seek({ topic: TOPIC, partition: at, offset: this.#model.positions[at]! })
    }
  }

  async take(taken: Step): Promise<void> {
    const model = this.#model
    switch (taken.kind) {
      case 'send': {
        const values = this.#values(taken.count)
        const first = await (await this.broker.producer()).send(TOPIC, taken.partition, batchOf(values))
        expect(first).toBe(model.log[taken.partition]!.length)
        model.log[taken.partition]!.push(...values)
        return
      }
      case 'send in transaction': {
        const open = await this.#transaction()
        const values = this.#values(taken.count)
        await this.#producer.send(TOPIC, taken.partition, batchOf(values))
        open.batches.push({ partition: taken.partition, values })
        return
      }
      case 'send offsets': {
        const open = await this.#transaction()
        await this.#producer.sendOffsets(this.#consumer.member(), this.#positions())
        for (const { partition: at, offset } of this.#positions()) open.offsets.set(at, offset)
        return
      }
      case 'commit': {
        const { batches, offsets } = await this.#transaction()
        await this.#producer.commit()
        for (const batch of batches) model.log[batch.partition]!.push(...batch.values)
        for (const [at, offset] of offsets) model.committed.set(at, offset)
        model.open = null
        return
      }
      case 'abort':
        await this.#producer.abort()
        model.open = null
        return
      case 'poll':
        await this.#poll(taken.maxBytes)
        return
      case 'commit offsets':
        await this.#consumer.commit(this.#positions())
        for (const { partition: at, offset } of this.#positions()) model.committed.set(at, offset)
        return
      case 'reopen':
        await this.broker.close()
        model.open = null
        await this.open()
    }
  }

  async compareAll(): Promise<void> {
    expect(await this.broker.committedOffsets('g', TOPIC)).toEqual(this.#model.committed)
    const consumer = await this.broker.consumer({ topics: [TOPIC], startAt: 'earliest' })
    const records = recordsOf(await consumer.poll(POLL))
    for (const [at, values] of this.#model.log.entries()) {
      const read = records.filter((record) => record.partition === at)
      expect(read.map(({ value }) => value)).toEqual(values)
      expect(read.map(({ offset }) => offset)).toEqual(values.map((_, offset) => offset))
    }
  }

  async #poll(maxBytes: number): Promise<void> {
    const { log, positions } = this.#model
    const behind = log.some((values, at) => positions[at]! < values.length)
    const records = recordsOf(await this.#consumer.poll({ maxWaitMs: 0, maxBytes }))
    expect(records.length > 0).toBe(behind)
    for (const { partition: at, offset, value } of records) {
      expect([offset, value]).toEqual([positions[at], log[at]![offset]])
      positions[at] = offset + 1
    }
  }

  async #transaction(): Promise<NonNullable<Model['open']>> {
    if (this.#model.open === null) {
      await this.#producer.begin()
      this.#model.open = { batches: [], offsets: new Map() }
    }
    return this.#model.open
  }

  #positions() {
    return this.#model.positions.map((offset, at) => ({ topic: TOPIC, partition: at, offset }))
  }

  #values(length: number): string[] {
    return Array.from({ length }, () => `v${this.#written++}`)
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ReadRecord, recordsOf } from '../../contracts/broker-harness.ts'
import { openBroker } from './broker.ts'

const FIXTURE = fileURLToPath(new URL('./kill.fixture.ts', import.meta.url))
const ROUNDS = 12
const MAX_ACKS_BEFORE_KILL = 400

let directory: string
let children: ChildProcess[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-kill-'))
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(directory, { recursive: true })
})

it('keeps all that was acknowledged, once, in order and whole, over kill -9 at random moments', async () => {
  const seed = Number(process.env.WEIR_TEST_SEED ?? Date.now() % 1_000_000)
  console.log(`seed ${seed} (repeat with WEIR_TEST_SEED=${seed})`)
  const random = lehmer(seed)
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await produceUntilKilled(round, Math.floor(random() * MAX_ACKS_BEFORE_KILL) + 1)))
    await verify(acknowledged)
  }
  expect(acknowledged.filter((line) => line.startsWith('tx')).length).toBeGreaterThan(0)
}, 180_000)

it('refuses a directory that another process holds, and opens it as soon as that one was killed', async () => {
  const child = start(0)
  await once(createInterface({ input: child.stdout! }), 'line')
  expect(() => openBroker({ dir: directory })).toThrow(
    expect.objectContaining({
      code: 'WEIR_DATA_DIR_UNUSABLE',
      message: expect.stringMatching(new RegExp(`Another Weir uses the data directory ${directory}`)),
    }),
  )
  child.kill('SIGKILL')
  await once(child, 'exit')
  await openBroker({ dir: directory }).close()
}, 30_000)

function start(round: number): ChildProcess {
  const child = spawn(process.execPath, [FIXTURE, directory, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** @returns the lines that the child printed up to its end */
async function produceUntilKilled(round: number, killAfterLines: number): Promise<string[]> {
  const child = start(round)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line)
    if (lines.length === killAfterLines) child.kill('SIGKILL')
  }
  expect(lines.length).toBeGreaterThanOrEqual(killAfterLines)
  return lines
}

async function verify(acknowledged: readonly string[]): Promise<void> {
  const broker = openBroker({ dir: directory })
  try {
    const plain = await readAll(broker, 'plain')
    const byPlace = new Map(plain.map(({ partition, offset, value }) => [`${partition} ${offset}`, value]))
    expect(byPlace.size).toBe(plain.length)
    for (const line of acknowledged.filter((each) => each.startsWith('plain'))) {
      const [, partition, first, ...values] = line.split(' ')
      for (const [i, value] of values.entries()) {
        expect(byPlace.get(`${partition} ${Number(first) + i}`)).toBe(value)
      }
    }
    for (const partition of [0, 1]) {
      const values = plain.filter((record) => record.partition === partition).map((record) => record.value)
      expect(values).toEqual([...values].sort(byRoundAndNumber))
      expect(new Set(values).size).toBe(values.length)
      expect(values.length % 3).toBe(0)
    }

    const left = (await readAll(broker, 'left')).map((record) => record.value)
    const right = (await readAll(broker, 'right')).map((record) => record.value).filter((value) => value.includes(':'))
    expect(left).toEqual(right)
    expect(new Set(left).size).toBe(left.length)
    expect(left.filter((value) => Number(value.split(':')[1]) % 4 === 3)).toEqual([])
    const transactions = acknowledged.filter((line) => line.startsWith('tx')).map((line) => line.split(' ')[1])
    expect(left).toEqual(expect.arrayContaining(transactions))
    const [lastRound, lastNumber] = left.at(-1)?.split(':').map(Number) ?? []
    const committed = (await broker.committedOffsets('group', 'plain')).get(0)
    expect(committed).toBe(lastRound === undefined ? undefined : lastRound * 1e6 + lastNumber!)
  } finally {
    await broker.close()
  }
}

async function readAll(broker: ReturnType<typeof openBroker>, topic: string): Promise<ReadRecord[]> {
  const { partitions } = await broker.describeTopic(topic)
  const count = partitions.reduce((sum, { earliest, end }) => sum + end - earliest, 0)
  const consumer = await broker.consumer({ topics: [topic], startAt: 'earliest' })
  const records: ReadRecord[] = []
  while (records.length < count) {
    const fetched = recordsOf(await consumer.poll({ maxWaitMs: 0, maxBytes: 1024 * 1024 }))
    if (fetched.length === 0) throw new Error(`Only ${records.length} of ${count} records of ${topic} can be read.`)
    records.push(...fetched)
  }
  await consumer.close()
  return records
}

function byRoundAndNumber(a: string, b: string): number {
  const [roundA, numberA] = a.split(':').map(Number)
  const [roundB, numberB] = b.split(':').map(Number)
  return roundA! - roundB! || numberA! - numberB!
}

/** Park and Miller's minimal standard generator: numbers in [0, 1). */
function lehmer(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { WeirProcess } from '@weir/cli/testing'
import { imageOf, whyUnavailable } from '@weir/test-services'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pipeline } from './metric-query.ts'

const run = promisify(execFile)
const LINES = 200

interface LogsAnswer {
  readonly answers: readonly { readonly logs: readonly { readonly service: string; readonly body: string }[] }[]
}

describe("Docker's own fluentd log driver", async () => {
  // Any image with a shell will do: this one is there for the other tests.
  const missing = await whyUnavailable('kafka')
  let weir: WeirProcess
  beforeAll(async () => {
    if (missing === null) weir = await WeirProcess.start()
  })
  afterAll(() => weir?.stop())

  it("brings each line that a container prints, under the log's tag as its service", async (context) => {
    if (missing !== null) context.skip(missing)
    const print = `i=1; while [ $i -le ${LINES} ]; do echo "line $i of a container"; i=$((i+1)); done`
    await run('docker', [
      'run',
      '--rm',
      '--network',
      'none',
      '--entrypoint',
      'sh',
      '--log-driver',
      'fluentd',
      '--log-opt',
      `fluentd-address=127.0.0.1:${weir.forwardPort}`,
      '--log-opt',
      'tag=container-app',
      imageOf('kafka'),
      '-c',
      print,
    ])
    await vi.waitFor(async () => expect((await pipeline(weir)).totals.stored).toBe(LINES), 30_000)
    const query = { id: 'l', type: 'logs', range: { lastMs: 600_000 }, services: ['container-app'], limit: 1000 }
    const { answers } = await weir.post<LogsAnswer>('/api/query', { queries: [query] })
    const bodies = new Set(answers[0]!.logs.map((log) => log.body))
    expect(bodies).toEqual(new Set(Array.from({ length: LINES }, (_, i) => `line ${i + 1} of a container`)))
  })
})

import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WeirProcess } from '@weir/cli/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { metricQuery, pipeline } from './metric-query.ts'
import { sharedFile } from './shared-data.ts'

const CLI = join(dirname(dirname(fileURLToPath(import.meta.url))), 'cli', 'weir.mjs')
const RANGE = { fromMs: Date.UTC(2015, 4, 17), toMs: Date.UTC(2015, 4, 22) }
const HOUR_MS = 3_600_000

const shell = (command: string) => execFileSync('sh', ['-c', command], { encoding: 'utf8', maxBuffer: 1e8 }).trim()

/** Lines of `NUMBER KEY`, as `uniq -c` prints them. */
function table(text: string): Map<string, number> {
  return new Map(text.split('\n').map((line) => [line.trim().split(' ')[1]!, Number(line.trim().split(' ')[0])]))
}

describe("a web server's access log of 2015, sent by `weir send`", () => {
  let weir: WeirProcess
  beforeAll(async () => {
    weir = await WeirProcess.start()
  })
  afterAll(() => weir.stop())

  it('is answered for exactly as wc, awk and sort do', async (context) => {
    const file = sharedFile(context, 'data/access-logs/apache_combined.log')
    const lines = Number(shell(`wc -l < ${file}`))
    const sent = execFileSync(
      process.execPath,
      [CLI, 'send', file, '--format', 'combined', '--service', 'web', '--url', weir.ingestUrl],
      {
        encoding: 'utf8',
      },
    )
    expect(sent).toContain(`${lines} lines of web acknowledged`)
    await vi.waitFor(async () => expect((await pipeline(weir)).totals.stored).toBe(lines), 60_000)
    const total = async () => {
      const answer = await metricQuery(weir, {
        metric: 'logs.count',
        aggregates: ['count'],
        range: RANGE,
        stepMs: HOUR_MS,
      })
      return answer.groups[0]?.totals.count
    }
    await vi.waitFor(async () => expect(await total()).toBe(lines), 60_000)

    const byStatus = await metricQuery(weir, {
      metric: 'http.server.requests',
      aggregates: ['count'],
      groupBy: ['status'],
      range: RANGE,
      stepMs: HOUR_MS,
    })
    expect(new Map(byStatus.groups.map((g) => [g.labels.status, g.totals.count]))).toEqual(
      table(shell(`awk -F'"' '{split($3, part, " "); print part[1]}' ${file} | sort | uniq -c`)),
    )

    const perHour = await metricQuery(weir, {
      metric: 'logs.count',
      aggregates: ['count'],
      range: RANGE,
      stepMs: HOUR_MS,
    })
    expect(hourly(perHour, 'count')).toEqual(
      table(shell(`awk '{split($4, part, ":"); print part[1] ":" part[2]}' ${file} | tr -d '[' | sort | uniq -c`)),
    )

    const bytes = await metricQuery(weir, {
      metric: 'http.server.bytes',
      aggregates: ['sum'],
      range: RANGE,
      stepMs: HOUR_MS,
    })
    const bytesPerHour = shell(
      `awk -F'"' '{split($3, part, " "); split($1, head, "["); split(head[2], at, ":"); if (part[2] != "-") sum[at[1] ":" at[2]] += part[2]} END {for (h in sum) printf "%d %s\\n", sum[h], h}' ${file}`,
    )
    expect(hourly(bytes, 'sum')).toEqual(table(bytesPerHour))
  })
})

/** Column values that are not gaps, by hour as the log writes it: `17/May/2015:10`. */
function hourly(answer: Awaited<ReturnType<typeof metricQuery>>, aggregate: string): Map<string, number> {
  const column = answer.groups[0]!.columns[aggregate]!
  const hours = new Map<string, number>()
  column.forEach((value, i) => {
    if (value === null) return
    const at = new Date(answer.fromMs + i * answer.stepMs)
    const day = String(at.getUTCDate()).padStart(2, '0')
    hours.set(`${day}/May/2015:${String(at.getUTCHours()).padStart(2, '0')}`, value)
  })
  return hours
}

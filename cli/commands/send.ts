import { accessSync, constants, createReadStream, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { WeirError } from '@weir/core'
import { Presets, SingleBar } from 'cli-progress'
import { lineChunks } from '../line-chunks.ts'

const CHUNK_BYTES = 1024 * 1024
const CONCURRENT_REQUESTS = 2
const MAX_ATTEMPTS = 8
const FIRST_BACKOFF_MS = 200
const MAX_BACKOFF_MS = 10_000

interface IngestAnswer {
  readonly accepted: number
  readonly rejected: number
  readonly errors: readonly { line: number; reason: string }[]
}

/** `weir send FILE`: posts the file's lines to a running Weir, at the speed at which it acknowledges them. */
export async function send(file: string, options: { service: string; format: string; url: string }): Promise<void> {
  const target = new URL(`/ingest/${encodeURIComponent(options.service)}`, options.url)
  target.searchParams.set('format', options.format)
  const totalBytes = file === '-' ? undefined : sizeOf(file)
  const bar = new SingleBar(
    { format: ' {bar} {percentage}% | {lines} lines | {rate} lines/s', clearOnComplete: false, hideCursor: true },
    Presets.shades_classic,
  )
  if (totalBytes !== undefined) bar.start(totalBytes, 0, { lines: 0, rate: 0 })

  const startedMs = performance.now()
  const totals = { accepted: 0, rejected: 0, sentBytes: 0 }
  const errors: string[] = []
  const inFlight = new Set<Promise<void>>()
  const input = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 })
  try {
    let firstLine = 1
    for await (const chunk of lineChunks(input, CHUNK_BYTES)) {
      const chunkFirstLine = firstLine
      firstLine += countLines(chunk)
      const request = post(target, chunk).then((answer) => {
        totals.accepted += answer.accepted
        totals.rejected += answer.rejected
        totals.sentBytes += chunk.length
        for (const { line, reason } of answer.errors) errors.push(`line ${chunkFirstLine + line - 1}: ${reason}`)
        const rate = Math.round(totals.accepted / ((performance.now() - startedMs) / 1000))
        bar.update(totals.sentBytes, { lines: totals.accepted, rate })
      })
      inFlight.add(request)
      request.finally(() => inFlight.delete(request)).catch(() => {}) // the failure itself is awaited below
      if (inFlight.size >= CONCURRENT_REQUESTS) await Promise.race(inFlight)
    }
    await Promise.all(inFlight)
  } finally {
    bar.stop()
  }

  const seconds = (performance.now() - startedMs) / 1000
  console.log(`${totals.accepted} lines of ${options.service} acknowledged in ${seconds.toFixed(1)} s.`)
  if (totals.rejected === 0) return
  console.error(`${totals.rejected} lines could not be read; they lie in topic logs.dead-letter with the reason:`)
  for (const error of errors.slice(0, 10)) console.error(`  ${error}`)
  if (totals.rejected > 10) console.error(`  … and ${totals.rejected - 10} more`)
  process.exitCode = 1
}

function sizeOf(file: string): number {
  try {
    accessSync(file, constants.R_OK)
    const stat = statSync(file)
    if (!stat.isDirectory()) return stat.size
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new WeirError('WEIR_CONFIG_INVALID', `The file ${file} can not be read (${code}).`, { cause })
  }
  throw new WeirError('WEIR_CONFIG_INVALID', `${file} is a directory: name a file in it.`)
}

function countLines(chunk: Buffer): number {
  let lines = 0
  for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++
  return lines
}

/** Tries again, ever more slowly, while Weir is away or overloaded; what was answered for is never sent again. */
async function post(target: URL, body: Buffer): Promise<IngestAnswer> {
  for (let attempt = 1; ; attempt++) {
    const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2)
    let response: Response
    try {
      response = await fetch(target, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body })
    } catch (cause) {
      if (attempt < MAX_ATTEMPTS) {
        await delay(backoffMs)
        continue
      }
      throw new WeirError(
        'WEIR_OVERLOADED',
        `No Weir answers at ${target.origin}; start it by \`npm start\`, or name its address by --url.`,
        {
          cause,
        },
      )
    }
    if (response.status === 429 || response.status === 503) {
      if (attempt === MAX_ATTEMPTS)
        throw new WeirError('WEIR_OVERLOADED', `Weir at ${target.origin} stays overloaded; try again later.`)
      const retryAfterMs = Number(response.headers.get('retry-after')) * 1000
      await response.body?.cancel()
      await delay(retryAfterMs > 0 ? retryAfterMs : backoffMs)
      continue
    }
    const answer = (await response.json()) as IngestAnswer & { message?: string }
    if (typeof answer.accepted === 'number') return answer
    throw new WeirError('WEIR_RECORD_INVALID', `Weir refused the lines (${response.status}): ${answer.message}`)
  }
}

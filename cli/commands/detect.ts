import { createReadStream, createWriteStream, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DefaultDetector, parseTime, WeirError } from '@weir/core'
import { DetectionPlot } from './detection-plot.ts'

export interface DetectOptions {
  readonly input: string
  readonly output: string
  readonly plot?: string
}

/**
 * `weir detect`: runs the default detector over a CSV file, in one pass and in the file's order, and writes each row with
 * its anomaly score. Values that are no finite number are kept as they are and score 0.
 *
 * @throws WeirError naming the line if the header or a timestamp can not be read
 */
export async function detect({ input, output, plot }: DetectOptions): Promise<void> {
  const drawing = plot === undefined ? undefined : new DetectionPlot(input)
  const totals = { rows: 0, alarms: 0 }
  try {
    await pipeline(Readable.from(scoredLines(input, totals, drawing), { highWaterMark: 1 }), createWriteStream(output))
    if (drawing && plot !== undefined) writeFileSync(plot, drawing.toHtml())
  } catch (error) {
    if (error instanceof WeirError) throw error
    const { code, path } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new WeirError('WEIR_CONFIG_INVALID', `The file ${path ?? output} can not be read or written (${code}).`, {
      cause: error,
    })
  }
  console.log(`${totals.rows} rows, ${totals.alarms} alarms (score above 0.5).`)
}

const LINES_A_CHUNK = 1_000

async function* scoredLines(
  input: string,
  totals: { rows: number; alarms: number },
  drawing: DetectionPlot | undefined,
): AsyncGenerator<string> {
  const detector = new DefaultDetector()
  let columns: { readonly timestamp: number; readonly value: number } | undefined
  let lineNumber = 0
  let chunk: string[] = ['timestamp,value,anomaly_score\n']
  for await (const line of createInterface({ input: createReadStream(input), crlfDelay: Number.POSITIVE_INFINITY })) {
    lineNumber++
    if (line.trim() === '') continue
    const fields = line.split(',')
    if (!columns) {
      columns = columnsOf(fields, input)
      continue
    }
    const timestamp = fields[columns.timestamp]?.trim() ?? ''
    const text = fields[columns.value]?.trim() ?? ''
    const point = { timeMs: timeOf(timestamp, input, lineNumber), value: text === '' ? Number.NaN : Number(text) }
    const verdict = detector.step(point)
    totals.rows++
    if (verdict.score > 0.5) totals.alarms++
    drawing?.add(point, verdict)
    chunk.push(`${timestamp},${text},${verdict.score.toFixed(6)}\n`)
    if (chunk.length < LINES_A_CHUNK) continue
    yield chunk.join('')
    chunk = []
  }
  if (!columns) throw new WeirError('WEIR_RECORD_INVALID', `${input} is empty; its first line must name the columns.`)
  yield chunk.join('')
}

function columnsOf(header: readonly string[], input: string): { timestamp: number; value: number } {
  const names = header.map((name) => name.replace(/^\uFEFF/, '').trim())
  const timestamp = names.indexOf('timestamp')
  const value = names.indexOf('value')
  if (timestamp < 0 || value < 0) {
    throw new WeirError(
      'WEIR_RECORD_INVALID',
      `The first line of ${input} must name the columns timestamp and value; it is ${JSON.stringify(header.join(',').slice(0, 80))}.`,
    )
  }
  return { timestamp, value }
}

function timeOf(timestamp: string, input: string, lineNumber: number): number {
  const time = parseTime(timestamp)
  if (time) return time.ms
  throw new WeirError(
    'WEIR_RECORD_INVALID',
    `Line ${lineNumber} of ${input}: ${JSON.stringify(timestamp.slice(0, 80))} is no time; write it like 2014-04-01 00:00:00 (UTC).`,
  )
}

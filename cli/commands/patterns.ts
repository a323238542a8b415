import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { type Pattern, PatternMiner, WeirError } from '@weir/core'
import { readLines } from '../line-reader.ts'
import { messageReader, type PatternFormat } from '../message-reader.ts'

const PATTERNS_SHOWN = 20
const MIN_COLUMNS = 40
const DEFAULT_COLUMNS = 120

/**
 * `weir patterns`: finds the templates of a file's lines, writes one CSV row a line and shows the most frequent ones. The file
 * is read twice: with the templates of the whole file known, its first lines get the right ones too.
 */
export async function patterns(options: { input: string; output: string; format: PatternFormat }): Promise<void> {
  const messageOf = messageReader(options.format)
  const miner = new PatternMiner()
  for await (const lines of readLines(options.input)) for (const line of lines) miner.observe(messageOf(line))
  const found = miner.patterns()
  const templates = new Map(found.map(({ id, template }) => [id, csvField(template)]))

  const output = createWriteStream(options.output)
  const written = finished(output)
  // The failure itself is awaited below; until then it must not end the process.
  written.catch(() => {})
  try {
    await write(output, 'line,pattern_id,template\r\n')
    let number = 0
    for await (const lines of readLines(options.input)) {
      let rows = ''
      for (const line of lines) {
        const { id } = miner.match(messageOf(line))
        rows += `${++number},${id},${templates.get(id) ?? ''}\r\n`
      }
      await write(output, rows)
    }
    output.end()
    await written
  } catch (cause) {
    output.destroy()
    if (cause instanceof WeirError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    throw new WeirError(
      'WEIR_CONFIG_INVALID',
      `${options.output} can not be written (${code}); name another by --output.`,
      {
        cause,
      },
    )
  }
  console.log(summary(found, miner.lineCount, process.stdout.columns ?? DEFAULT_COLUMNS))
}

async function write(output: WriteStream, text: string): Promise<void> {
  if (!output.write(text)) await once(output, 'drain')
}

/** RFC 4180: quoted where it holds a comma, a quote or a line break, with its quotes doubled. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function summary(found: readonly Pattern[], lines: number, columns: number): string {
  const width = Math.max(columns, MIN_COLUMNS)
  const rows = [`${lines} lines are ${found.length} patterns.`, '', '  share    count  template']
  for (const { count, template, sample } of found.slice(0, PATTERNS_SHOWN)) {
    const share = `${((100 * count) / lines).toFixed(1)}%`
    rows.push(cut(`${share.padStart(7)} ${String(count).padStart(8)}  ${template}`, width))
    if (sample !== template) rows.push(cut(`${' '.repeat(18)}${sample}`, width))
  }
  const rest = found.slice(PATTERNS_SHOWN)
  if (rest.length > 0) {
    const count = rest.reduce((sum, pattern) => sum + pattern.count, 0)
    rows.push('', `${rest.length} more patterns stand for ${count} lines; all are in the output.`)
  }
  return rows.join('\n')
}

function cut(text: string, width: number): string {
  // A line may hold what a terminal would obey.
  const plain = text.replace(/\p{Cc}/gu, ' ')
  return plain.length > width ? `${plain.slice(0, width - 1)}…` : plain
}

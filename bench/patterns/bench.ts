import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PatternMiner } from '@weir/core'
import { generateLines } from './log-generator.ts'
import { LOG_STYLES } from './log-styles.ts'
import { type LabelledSystem, labelledSystems, type PatternScore } from './shared-data.ts'

const LINES_PER_STYLE = 2_000
const STYLE_SEED = 7
const SPEED_ROUNDS = 5
const SPEED_LINES = 500_000
const MANY_PATTERNS = 10_000
const FLATNESS_STEPS = 5

/**
 * How well and how fast log lines are grouped: grouping accuracy (GA) and the F-measure of grouping (FGA) on LogHub's labelled
 * systems, `--styles` on made-up logs too; lines/s over all of them mixed, on one core; heap of 10,000 patterns; with
 * `--lines 10000000` whether the speed stays the same over as many lines.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: { lines: { type: 'string', default: '0' }, styles: { type: 'boolean', default: false } },
  })
  const flatnessLines = Number(values.lines)
  if (!Number.isSafeInteger(flatnessLines) || flatnessLines < 0) throw new RangeError('--lines must be a whole number')
  const shared = await labelledSystems()
  if (!shared) {
    console.log('skipped: no LogHub data; WEIR_SHARED_DIR must name the folder that holds eval/loghub')
    return { skipped: 'LogHub data absent' }
  }
  const { systems, score } = shared
  const scores = scoreAll(systems, score)
  const styles = values.styles ? { styles: scoreAll(madeUpSystems(), score) } : {}
  const mixed = mixedLines(systems)
  const speed = linesPerSecond(mixed)
  console.log(`mixed lines: ${Math.round(speed)} lines/s`)
  const heapMiB = heapOfManyPatterns()
  console.log(`${MANY_PATTERNS} patterns: ${heapMiB.toFixed(1)} MiB of heap`)
  const flatness = flatnessLines > 0 ? { flatness: speedOverTime(mixed, flatnessLines) } : {}
  return { ...scores, ...styles, linesPerSecond: Math.round(speed), heapMiB, ...flatness }
}

type Score = (truth: readonly string[], found: readonly string[]) => PatternScore

function scoreAll(systems: readonly LabelledSystem[], score: Score): Record<string, unknown> {
  const results = systems.map(({ name, lines, labels }) => {
    const miner = new PatternMiner()
    for (const line of lines) miner.observe(line)
    miner.refine()
    const result = score(
      labels,
      lines.map((line) => miner.match(line).id),
    )
    console.log(
      `${name.padEnd(14)} GA ${result.GA.toFixed(3)}  FGA ${result.FGA.toFixed(3)}  ` +
        `${result.foundGroups} groups for ${result.trueGroups}`,
    )
    return result
  })
  const mean = (key: 'GA' | 'FGA'): number => results.reduce((sum, result) => sum + result[key], 0) / results.length
  console.log(`${'mean'.padEnd(14)} GA ${mean('GA').toFixed(4)}  FGA ${mean('FGA').toFixed(4)}`)
  return { meanGA: mean('GA'), meanFGA: mean('FGA'), systems: results.length }
}

function madeUpSystems(): LabelledSystem[] {
  return Object.keys(LOG_STYLES).map((name) => {
    const lines = generateLines(name, LINES_PER_STYLE, STYLE_SEED)
    return { name, lines: lines.map(({ line }) => line), labels: lines.map(({ label }) => String(label)) }
  })
}

/** A line of each system in turn. */
function mixedLines(systems: readonly LabelledSystem[]): string[] {
  const longest = Math.max(...systems.map(({ lines }) => lines.length))
  const mixed: string[] = []
  for (let i = 0; i < longest; i++) {
    for (const { lines } of systems) if (i < lines.length) mixed.push(lines[i] as string)
  }
  return mixed
}

/** The median over rounds of CPU time, of a new miner each; the code is warm from the second on. */
function linesPerSecond(lines: readonly string[]): number {
  const speeds = Array.from({ length: SPEED_ROUNDS }, () => {
    const miner = new PatternMiner()
    const before = process.cpuUsage()
    for (let i = 0; i < SPEED_LINES; i++) miner.observe(lines[i % lines.length] as string)
    miner.refine()
    const { user, system } = process.cpuUsage(before)
    return (SPEED_LINES / (user + system)) * 1e6
  })
  return speeds.sort((a, b) => a - b)[SPEED_ROUNDS >> 1] as number
}

function heapOfManyPatterns(): number {
  const before = usedBytes()
  const miner = new PatternMiner({ maxPatterns: 2 * MANY_PATTERNS })
  for (let i = 0; i < MANY_PATTERNS; i++) {
    const words = [i, i * 7919, i * 31 + 5, i * 101 + 9, i * 13].map(letters)
    miner.observe(`${words.join(' ')}: ${i} of ${i * 3} at /var/lib/${i} in ${i} ms`)
  }
  const patterns = miner.patterns().length
  if (patterns !== MANY_PATTERNS) throw new Error(`${patterns} patterns instead of ${MANY_PATTERNS}`)
  return (usedBytes() - before) / 2 ** 20
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function letters(n: number): string {
  let text = ''
  for (let rest = n + 1; rest > 0; rest = Math.floor(rest / 26)) text += String.fromCharCode(97 + (rest % 26))
  return text
}

function speedOverTime(lines: readonly string[], total: number): number[] {
  const miner = new PatternMiner()
  const perStep = Math.floor(total / FLATNESS_STEPS)
  return Array.from({ length: FLATNESS_STEPS }, (_, step) => {
    const before = process.cpuUsage()
    for (let i = 0; i < perStep; i++) miner.observe(lines[(step * perStep + i) % lines.length] as string)
    const { user, system } = process.cpuUsage(before)
    const speed = Math.round((perStep / (user + system)) * 1e6)
    console.log(`lines ${step * perStep} to ${(step + 1) * perStep}: ${speed} lines/s`)
    return speed
  })
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export interface LabelledSystem {
  readonly name: string
  readonly lines: readonly string[]
  readonly labels: readonly string[]
}

export interface PatternScore {
  readonly GA: number
  readonly FGA: number
  readonly trueGroups: number
  readonly foundGroups: number
}

interface Scorer {
  parseCsv(text: string): string[][]
  scorePatterns(truth: readonly string[], found: readonly string[]): PatternScore
}

const SUFFIX = '_2k.log_structured.csv'

/** LogHub's labelled systems and their scorer; undefined where they are not there. */
export async function labelledSystems(): Promise<
  { systems: LabelledSystem[]; score: Scorer['scorePatterns'] } | undefined
> {
  const shared = process.env.WEIR_SHARED_DIR ?? fileURLToPath(new URL('../../../shared', import.meta.url))
  const folder = join(shared, 'eval', 'loghub')
  const scorerFile = join(shared, 'eval', 'pattern-score.mjs')
  if (!existsSync(folder) || !existsSync(scorerFile)) return undefined
  const scorer = (await import(pathToFileURL(scorerFile).href)) as Scorer
  const systems = readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file): LabelledSystem => {
      const [header = [], ...rows] = scorer.parseCsv(readFileSync(join(folder, file), 'utf8'))
      const column = (name: string): string[] => rows.map((row) => row[header.indexOf(name)] as string)
      return { name: file.slice(0, -SUFFIX.length), lines: column('Content'), labels: column('EventId') }
    })
  return { systems, score: scorer.scorePatterns }
}

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const runFile = promisify(execFile)
const PROFILES = ['standard', 'reward_low_FP_rate', 'reward_low_FN_rate']
const WEIR = fileURLToPath(new URL('../../cli/weir.mjs', import.meta.url))

/**
 * The score of `weir detect` on the given series of the Numenta Anomaly Benchmark, by each of its three profiles: the
 * command is run on each file, as a user would, and the benchmark's scorer on what it wrote. `--per-file` prints each
 * series' share, `--keep DIR` keeps the scores.
 */
export async function run(args: string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args,
    options: { 'per-file': { type: 'boolean', default: false }, keep: { type: 'string' } },
  })
  const shared = process.env.WEIR_SHARED_DIR ?? fileURLToPath(new URL('../../../shared', import.meta.url))
  const scorer = join(shared, 'eval', 'nab-score.mjs')
  const labels = join(shared, 'eval', 'nab', 'windows.json')
  const data = join(shared, 'eval', 'nab', 'data')
  if (![scorer, labels, data].every(existsSync)) {
    console.log('skipped: no NAB data; WEIR_SHARED_DIR must name the folder that holds eval/nab')
    return { skipped: 'NAB data absent' }
  }
  const scores = values.keep ?? mkdtempSync(join(tmpdir(), 'weir-nab-'))
  try {
    const files = Object.keys(JSON.parse(readFileSync(labels, 'utf8')) as object)
    for (const file of files) {
      mkdirSync(dirname(join(scores, file)), { recursive: true })
      await runFile(process.execPath, [WEIR, 'detect', '--input', join(data, file), '--output', join(scores, file)])
    }
    const results: Record<string, unknown> = { series: files.length }
    for (const profile of PROFILES) {
      const options = ['--labels', labels, '--data', data, '--scores', scores, '--profile', profile]
      const { stdout } = await runFile(process.execPath, [scorer, ...options, '--json'])
      const { score, threshold } = JSON.parse(stdout) as { score: number; threshold: number }
      console.log(`NAB ${profile}: ${score.toFixed(2)} (threshold ${threshold})`)
      results[profile] = Number(score.toFixed(2))
    }
    if (values['per-file']) {
      const options = ['--labels', labels, '--data', data, '--scores', scores, '--per-file']
      console.log((await runFile(process.execPath, [scorer, ...options])).stdout)
    }
    return results
  } finally {
    if (values.keep === undefined) rmSync(scores, { recursive: true, force: true })
  }
}

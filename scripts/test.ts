// `npm test`: the repository's checks, then every vitest project. Last line: `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tally } from './vitest-tally.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const CHECKS = [
  ['types', '//#typecheck'],
  ['lint and format', '//#lint'],
  ['layer rules', '//#layers'],
  ['dead code', '//#deadcode'],
  ['dashboard build', 'build'],
] as const

const tally: Tally = { passed: 0, failed: 0, skipped: [] }
const filters = process.argv.slice(2)
if (filters.length === 0) for (const [name, task] of CHECKS) check(name, task)
add(vitest(filters))
report()

function check(name: string, task: string): void {
  const startedMs = Date.now()
  const done = spawnSync(bin('turbo'), ['run', task, '--output-logs=errors-only'], { cwd: root, encoding: 'utf8' })
  const ok = done.status === 0
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`)
  if (!ok) console.log(`${done.stdout}${done.stderr}`)
  add({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] })
}

function vitest(args: readonly string[]): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'weir-tally-'))
  const file = join(folder, 'tally.json')
  try {
    const done = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        `--reporter=${join(root, 'scripts', 'vitest-tally.ts')}`,
        ...args,
      ],
      { cwd: root, stdio: 'inherit', env: { ...process.env, WEIR_TALLY_FILE: file } },
    )
    const counted = JSON.parse(readFileSync(file, 'utf8')) as Tally
    if (done.status !== 0 && counted.failed === 0) counted.failed = 1
    return counted
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function add(more: Tally): void {
  tally.passed += more.passed
  tally.failed += more.failed
  tally.skipped.push(...more.skipped)
}

/** With WEIR_REQUIRE_ALL=1 a test that this machine could be made to run, and skipped, fails the run. */
function report(): void {
  if (tally.skipped.length > 0) {
    console.log('\nSkipped:')
    for (const [why, skips] of Map.groupBy(tally.skipped, (skip) => skip.why)) {
      console.log(`  ${why}`)
      for (const { name } of skips) console.log(`    - ${name}`)
    }
  }
  const avoidable = tally.skipped.filter((s) => /install/.test(s.why))
  if (process.env.WEIR_REQUIRE_ALL === '1' && avoidable.length > 0) {
    console.log(
      `\n${avoidable.length} skipped tests need something that this run was told to have (WEIR_REQUIRE_ALL=1)`,
    )
    tally.failed += avoidable.length
    tally.skipped = tally.skipped.filter((s) => !avoidable.includes(s))
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`)
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0
}

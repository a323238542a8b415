import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

export interface Tally {
  passed: number
  failed: number
  skipped: { name: string; why: string }[]
}

/** Vitest reporter that leaves the counts, and each skipped test with its reason, in the file WEIR_TALLY_FILE. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandledErrors.length, skipped: [] }
    for (const module of modules) {
      tally.failed += module.errors().length
      for (const test of module.children.allTests()) count(test, tally)
    }
    writeFileSync(process.env.WEIR_TALLY_FILE!, JSON.stringify(tally))
  }
}

function count(test: TestCase, tally: Tally): void {
  const result = test.result()
  if (result.state === 'passed') tally.passed++
  else if (result.state === 'skipped')
    tally.skipped.push({ name: test.fullName, why: result.note ?? 'no reason given' })
  else tally.failed++
}
